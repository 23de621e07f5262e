package lint

// plaintext is a policy that turns mutual TLS off.
type plaintext struct {
	calls           bool // of the clients, not of the servers
	name, namespace string
	file            string
	host            string // of one Service, or ""
	mode            value
}
