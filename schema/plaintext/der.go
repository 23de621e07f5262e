package plaintext

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/binary"
	"math/big"

	"meshtopo.dev/meshtopo/schema/diag"
)

// isPrivateDER reports whether bytes are a private key as PKCS #8, PKCS #1, SEC 1 or OpenSSL's own form for DSA have
// it. Also one of a kind that Go does not know counts.
func isPrivateDER(der []byte) bool {
	if len(der) < shortestKey || der[0] != 0x30 {
		return false
	}
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil && key != nil {
		return true
	}
	if _, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return true
	}
	if _, err := x509.ParseECPrivateKey(der); err == nil {
		return true
	}
	return isPKCS8(der) || isDSA(der)
}

// isPKCS8 reports whether bytes have the form of a key whose algorithm does not matter
// (https://www.rfc-editor.org/rfc/rfc5958).
func isPKCS8(der []byte) bool {
	var key struct {
		Version   int
		Algorithm struct {
			ID         asn1.ObjectIdentifier
			Parameters asn1.RawValue `asn1:"optional"`
		}
		Key        []byte
		Attributes asn1.RawValue `asn1:"optional,tag:0"`
		Public     asn1.RawValue `asn1:"optional,tag:1"`
	}
	rest, err := asn1.Unmarshal(der, &key)
	return err == nil && len(rest) == 0 && key.Version <= 1 && len(key.Key) >= 16
}

func isDSA(der []byte) bool {
	var key struct {
		Version       int
		P, Q, G, Y, X *big.Int
	}
	rest, err := asn1.Unmarshal(der, &key)
	return err == nil && len(rest) == 0 && key.Version == 0 && key.P.BitLen() >= 512
}

// isEncryptedPKCS8 reports whether bytes are a key that PBES2 encrypts (https://www.rfc-editor.org/rfc/rfc8018).
func isEncryptedPKCS8(der []byte) bool {
	var key struct {
		Algorithm struct {
			ID         asn1.ObjectIdentifier
			Parameters asn1.RawValue
		}
		Data []byte
	}
	rest, err := asn1.Unmarshal(der, &key)
	return err == nil && len(rest) == 0 && key.Algorithm.ID.Equal(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}) && len(key.Data) >= shortestKey
}

// What is in a PKCS #12 file (https://www.rfc-editor.org/rfc/rfc7292) and what begins one of Java.
var (
	keyBag         = []byte{0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x01}
	shroudedKeyBag = []byte{0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02}
	pkcs12Data     = []byte{0x02, 0x01, 0x03, 0x30}
	javaMagic      = []byte{0xfe, 0xed, 0xfe, 0xed}
)

// binaryKey says what a file of keys is, or a key by itself.
func binaryKey(data []byte) (*diag.Rule, string) {
	switch {
	case len(data) < shortestKey:
	case bytes.HasPrefix(data, javaMagic):
		if binary.BigEndian.Uint32(data[8:]) > 0 && binary.BigEndian.Uint32(data[12:]) == 1 {
			return passphraseKey, "a key store of Java with a private key"
		}
	case bytes.HasPrefix(data, []byte(openSSHMagic)):
		return openSSH(data)
	case data[0] != 0x30:
	case isPrivateDER(data):
		return plainKey, "a private key in DER"
	case isEncryptedPKCS8(data):
		return passphraseKey, "an encrypted private key in DER"
	case !bytes.Contains(data[:16], pkcs12Data):
	case bytes.Contains(data, keyBag):
		return plainKey, "a private key in PKCS #12"
	case bytes.Contains(data, shroudedKeyBag):
		return passphraseKey, "an encrypted private key in PKCS #12"
	}
	return nil, ""
}

const openSSHMagic = "openssh-key-v1\x00"

// openSSH looks at how a key is encrypted (https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key).
func openSSH(data []byte) (*diag.Rule, string) {
	rest := data[len(openSSHMagic):]
	if len(rest) >= 8 && binary.BigEndian.Uint32(rest) == 4 && string(rest[4:8]) == "none" {
		return plainKey, "a private key of OpenSSH"
	}
	return passphraseKey, "an encrypted private key of OpenSSH"
}

// openPGP looks whether the first packet is a private key, and how it is protected
// (https://www.rfc-editor.org/rfc/rfc9580#section-5.5.3).
func openPGP(data []byte) (*diag.Rule, string) {
	packet := packetOf(data)
	if packet == nil {
		return nil, ""
	}
	if usage := usageOf(packet); usage == 0 {
		return plainKey, "a private key of PGP"
	}
	return passphraseKey, "an encrypted private key of PGP"
}

// packetOf gives the body of a first packet that is a private key.
func packetOf(data []byte) []byte {
	tag, length := data[0]&0x3f, 0
	if data[0]&0x80 == 0 {
		return nil
	}
	if data[0]&0x40 == 0 {
		tag, length = data[0]>>2&0xf, []int{2, 3, 5, 1}[data[0]&3]
	} else if length = 2; data[1] >= 192 {
		length = map[bool]int{true: 6, false: 3}[data[1] == 255]
	}
	if tag != 5 {
		return nil
	}
	return data[length:]
}

// usageOf gives the octet that says how a key is encrypted; 0 is not at all. A key of a kind that is not known counts
// as encrypted.
func usageOf(packet []byte) byte {
	const fixed = 6 // version, time and algorithm
	if packet[0] != 4 {
		return 0xff
	}
	numbers, curve := map[byte]int{1: 2, 2: 2, 3: 2, 16: 3, 17: 4}[packet[5]], false
	if kind := packet[5]; kind == 18 || kind == 19 || kind == 22 {
		numbers, curve = 1, true
	}
	rest := packet[fixed:]
	if curve && len(rest) > int(rest[0]) {
		rest = rest[1+int(rest[0]):]
	}
	for ; numbers > 0 && len(rest) > 2; numbers-- {
		rest = rest[min(len(rest), 2+(int(binary.BigEndian.Uint16(rest))+7)/8):]
	}
	if packet[5] == 18 && len(rest) > 0 {
		rest = rest[min(len(rest), 1+int(rest[0])):]
	}
	if len(rest) == 0 {
		return 0xff
	}
	return rest[0]
}
