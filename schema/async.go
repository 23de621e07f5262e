package schema

// async starts f and gives a function that waits for its result, and panics where f did.
func async[T any](f func() T) func() T {
	type outcome struct {
		value    T
		panicked any
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			o.panicked = recover()
			done <- o
		}()
		growStack(0)
		o.value = f()
	}()
	return func() T {
		o := <-done
		if o.panicked != nil {
			panic(o.panicked)
		}
		return o.value
	}
}

// growStack gives a goroutine at once the stack of 64 KiB that CUE's evaluator needs. Doubled step by step, it is copied each
// time, which is a hundredth of a start.
//
//go:noinline
func growStack(i int) byte {
	var room [30 << 10]byte
	return room[i]
}
