package authority

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema/trust"
)

var now = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)

var holder1 = Holder{Cluster: "cluster-a", Namespace: "istio-system"}

func newRoot(t *testing.T, kind Algorithm, v Validity) *CA {
	t.Helper()
	root, err := NewRoot(kind, v)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// What is issued has the shape of Istio's tools, for both kinds of keys, and package trust has nothing to say about it.
func TestShape(t *testing.T) {
	for _, kind := range []Algorithm{ECDSA, RSA} {
		root := newRoot(t, kind, Validity{Now: now})
		issued, key, err := root.NewIntermediate(holder1, kind, Validity{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		usage := "DigitalSignature+ContentCommitment+CertSign"
		if kind == RSA {
			usage = "DigitalSignature+ContentCommitment+KeyEncipherment+CertSign"
		}
		for _, c := range []struct{ what, got, want string }{
			{"root subject", root.Cert.Subject.String(), "CN=Root CA,O=Istio"},
			{"root", shape(root.Cert), "CA pathlen -1 false, CertSign+CRLSign, [] 2027-03-01 11:00 to 2037-03-01 12:00"},
			{"subject", issued.Subject.String(), "CN=Intermediate CA,O=Istio,L=cluster-a"},
			{"intermediate", shape(issued.Certificate), "CA pathlen 0 true, " + usage + ", [istiod.istio-system.svc] 2027-03-01 11:00 to 2029-03-01 12:00"},
			{"its issuer's key", string(issued.AuthorityKeyId), string(root.Cert.SubjectKeyId)},
		} {
			if c.got != c.want {
				t.Errorf("%s: the %s is %q, want %q", kind, c.what, c.got, c.want)
			}
		}
		if len(issued.ExtKeyUsage)+len(issued.UnknownExtKeyUsage) > 0 || len(issued.SubjectKeyId) == 0 || issued.Capped {
			t.Errorf("%s: an extended key usage, no key identifier, or capped: %+v", kind, issued)
		}
		roots, _ := trust.ParseCertificates(PEM(root.Cert))
		cert, _ := trust.ParseCertificates(PEM(issued.Certificate))
		chain, _ := trust.ParseCertificates(PEM(Above(issued.Certificate, []*x509.Certificate{root.Cert})...))
		text, err := KeyPEM(key)
		if err != nil {
			t.Fatal(err)
		}
		private, problems := trust.ParsePrivateKey(text)
		problems = append(problems, trust.CheckRoots(roots, trust.At(now))...)
		problems = append(problems, (&trust.Intermediate{Cert: cert, Key: private, Chain: chain, Roots: roots}).Check(trust.At(now))...)
		if len(problems) > 0 {
			t.Errorf("%s: %+v", kind, problems)
		}
	}
}

// shape describes what matters of a CA.
func shape(c *x509.Certificate) string {
	usage := ""
	for n, name := range []string{"DigitalSignature", "ContentCommitment", "KeyEncipherment", "DataEncipherment", "KeyAgreement", "CertSign", "CRLSign"} {
		if c.KeyUsage&(1<<n) != 0 {
			usage += "+" + name
		}
	}
	ca := "no CA"
	if c.IsCA && c.BasicConstraintsValid {
		ca = "CA"
	}
	const minute = "2006-01-02 15:04"
	return fmt.Sprintf("%s pathlen %d %v, %s, %v %s to %s", ca, c.MaxPathLen, c.MaxPathLenZero, usage[1:], c.DNSNames, c.NotBefore.Format(minute), c.NotAfter.Format(minute))
}

func TestSerialNumbersDiffer(t *testing.T) {
	root := newRoot(t, ECDSA, Validity{Now: now})
	one, _, err := root.NewIntermediate(holder1, ECDSA, Validity{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	other, err := root.Intermediate(holder1, one.PublicKey, Validity{Now: now})
	if err != nil || other.SerialNumber.Cmp(one.SerialNumber) == 0 || one.SerialNumber.BitLen() > 128 || one.SerialNumber.BitLen() < 64 {
		t.Errorf("serial numbers %x and %x, %v", one.SerialNumber, other.SerialNumber, err)
	}
}

func TestIntermediateEndsWithItsRoot(t *testing.T) {
	end := now.AddDate(1, 0, 0)
	root := newRoot(t, ECDSA, Validity{Now: now, End: end})
	issued, _, err := root.NewIntermediate(holder1, ECDSA, Validity{Now: now})
	if err != nil || !issued.Capped || !issued.NotAfter.Equal(end) {
		t.Errorf("the intermediate ends on %v, capped %v, %v; the root on %v", issued.NotAfter, issued.Capped, err, end)
	}
	early, _, err := root.NewIntermediate(holder1, ECDSA, Validity{Now: now, End: now.AddDate(0, 1, 0)})
	if err != nil || early.Capped || !early.NotAfter.Equal(now.AddDate(0, 1, 0)) {
		t.Errorf("the intermediate ends on %v, capped %v, %v", early.NotAfter, early.Capped, err)
	}
}

func TestRootMayNotSign(t *testing.T) {
	root := newRoot(t, ECDSA, Validity{Now: now})
	below, key, err := root.NewIntermediate(holder1, ECDSA, Validity{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		ca *CA
		v  Validity
	}{
		"an expired root":      {root, Validity{Now: now.AddDate(11, 0, 0)}},
		"a root of tomorrow":   {root, Validity{Now: now.AddDate(0, 0, -1)}},
		"an end in the past":   {root, Validity{Now: now, End: now.Add(-time.Minute)}},
		"pathlen:0 as a root":  {&CA{below.Certificate, key}, Validity{Now: now}},
		"no CA as a root":      {&CA{&x509.Certificate{NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}, key}, Validity{Now: now}},
		"a root without usage": {&CA{&x509.Certificate{IsCA: true, KeyUsage: x509.KeyUsageCRLSign, NotAfter: now.Add(time.Hour)}, key}, Validity{Now: now}},
	} {
		if issued, _, err := c.ca.NewIntermediate(holder1, ECDSA, c.v); err == nil {
			t.Errorf("%s signs %v", name, issued.Subject)
		}
	}
	if _, err := NewRoot(ECDSA, Validity{Now: now, End: now}); err == nil {
		t.Error("a root is made that has ended already")
	}
}

// A passphrase opens what it has sealed, another one does not, and neither stands in an error.
func TestSeal(t *testing.T) {
	root := newRoot(t, ECDSA, Validity{Now: now})
	sealed, err := Seal(root.Key, []byte("right"), 10)
	if err != nil || !Sealed(sealed) {
		t.Fatalf("%v: %s", err, sealed)
	}
	text, err := Open(sealed, []byte("right"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := ReadKey(text)
	if err != nil || !belongs(root.Cert, key) {
		t.Errorf("what was sealed is another key: %v", err)
	}
	if _, err := Open(sealed, []byte("wrong")); err != ErrPassphrase {
		t.Errorf("a wrong passphrase gives %v", err)
	}
	if _, err := Open(sealed[:len(sealed)/2], []byte("right")); err == nil || err == ErrPassphrase {
		t.Errorf("half of a file gives %v", err)
	}
	block, _ := pem.Decode(text)
	for _, bad := range [][]byte{nil, []byte("x"), PEM(root.Cert), pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: block.Bytes})} {
		if _, err := ReadKey(bad); err == nil {
			t.Errorf("%q is read as a key", bad)
		}
	}
}
