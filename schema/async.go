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
