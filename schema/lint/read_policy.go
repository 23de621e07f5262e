package lint

// plaintext is a policy that turns mutual TLS off.
type plaintext struct {
	calls           bool // of those who call, and not of those who are called
	name, namespace string
	file            string
	mode            value
}
