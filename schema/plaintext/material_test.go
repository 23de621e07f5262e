package plaintext

import (
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"math/big"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
)

// Everything private that these tests plant is made when they run.

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func ecKey() *ecdsa.PrivateKey { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) }

func block(label string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}

func pkcs8() []byte    { return must(x509.MarshalPKCS8PrivateKey(ecKey())) }
func pkcs8PEM() string { return block("PRIVATE KEY", pkcs8()) }
func ed25519PEM() string {
	_, key, _ := ed25519.GenerateKey(rand.Reader)
	return block("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(key)))
}
func ecPEM() string { return block("EC PRIVATE KEY", must(x509.MarshalECPrivateKey(ecKey()))) }
func rsaPEM() string {
	return block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey()))
}

func dsaPEM() string {
	number := func(bits int) *big.Int { return new(big.Int).SetBit(new(big.Int).SetBytes(random(bits/8)), bits, 1) }
	return block("DSA PRIVATE KEY", must(asn1.Marshal(struct {
		Version       int
		P, Q, G, Y, X *big.Int
	}{0, number(1024), number(160), number(1000), number(1000), number(150)})))
}

func random(size int) []byte {
	data := make([]byte, size)
	rand.Read(data)
	return data
}

// openSSHKey has the form of such a key, encrypted in that way.
func openSSHKey(cipher string) []byte {
	data := []byte(openSSHMagic)
	for _, part := range []string{cipher, cipher, ""} {
		data = append(binary.BigEndian.AppendUint32(data, uint32(len(part))), part...)
	}
	return append(data, random(300)...)
}

// pgpKey has the form of a key of EdDSA, protected in that way.
func pgpKey(usage byte) string {
	packet := append([]byte{4, 1, 2, 3, 4, 22, 9}, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1)
	packet = append(append(packet, 1, 7), random(33)...)
	packet = append(append(packet, usage), random(40)...)
	data := append([]byte{0x94, byte(len(packet))}, packet...)
	return "-----BEGIN PGP PRIVATE KEY BLOCK-----\nComment: mine\n\n" + folded(base64.StdEncoding.EncodeToString(data), 64) + "\n=Ab1c\n-----END PGP PRIVATE KEY BLOCK-----\n"
}

// chosen gives a random text of some letters.
func chosen(letters string, size int) string {
	var text strings.Builder
	for text.Len() < size {
		text.WriteByte(letters[mathrand.IntN(len(letters))])
	}
	return text.String()
}

const (
	lower   = "abcdefghijklmnopqrstuvwxyz"
	letters = lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	bech32  = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
)

// mixed gives a token in which letters and digits change as often as they have to.
func mixed(size int) string {
	for {
		if text := chosen(letters, size); isOpaque(text) || size < 20 && isPassword(text+"Aa1") && isSecretValue(text) {
			return text
		}
	}
}

func hexToken(size int) string {
	for {
		if text := chosen("0123456789abcdef", size); isOpaque(text) {
			return text
		}
	}
}

func jwt(kid string) string {
	segment := func(v any) string { return base64.RawURLEncoding.EncodeToString(must(json.Marshal(v))) }
	signed := segment(map[string]string{"alg": "HS256", "kid": kid}) + "." + segment(map[string]string{"sub": "system:serviceaccount:istio-system:reader"})
	mac := hmac.New(sha256.New, random(32))
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func certificate() string {
	key := ecKey()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "root"}, NotAfter: time.Now().Add(time.Hour)}
	return block("CERTIFICATE", must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)))
}

func publicKey() string {
	return block("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(ecKey().Public())))
}

func b64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func folded(text string, width int) string {
	var lines []string
	for ; len(text) > width; text = text[width:] {
		lines = append(lines, text[:width])
	}
	return strings.Join(append(lines, text), "\n")
}

// indented puts something before each line but the first.
func indented(text, before string) string {
	return strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+before)
}

func wide(text string, order binary.AppendByteOrder, mark bool) string {
	var data []byte
	if mark {
		data = order.AppendUint16(data, 0xfeff)
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		data = order.AppendUint16(data, unit)
	}
	return string(data)
}

func zipped(text string) string {
	var data bytes.Buffer
	w := gzip.NewWriter(&data)
	w.Write([]byte(text))
	w.Close()
	return data.String()
}

func kubeconfig(user string) string {
	return "apiVersion: v1\nkind: Config\nclusters:\n- name: west\n  cluster: {server: \"https://192.0.2.1:6443\", certificate-authority-data: " + b64(certificate()) + "}\n" +
		"contexts:\n- name: west\n  context: {cluster: west, user: west}\ncurrent-context: west\nusers:\n- name: west\n  user:\n    " + user + "\n"
}
