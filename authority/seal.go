package authority

import (
	"bytes"
	"crypto"
	"errors"
	"io"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// Seal encrypts a private key with a passphrase, so that age decrypts it as well. effort is the logarithm of the work
// that a guess costs; 0 is what age takes, about a second.
func Seal(key crypto.Signer, passphrase []byte, effort int) ([]byte, error) {
	text, err := KeyPEM(key)
	if err != nil {
		return nil, err
	}
	recipient, err := age.NewScryptRecipient(string(passphrase))
	if err != nil {
		return nil, err
	}
	if effort > 0 {
		recipient.SetWorkFactor(effort)
	}
	var sealed bytes.Buffer
	armored := armor.NewWriter(&sealed)
	w, err := age.Encrypt(armored, recipient)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = errors.Join(w.Close(), armored.Close())
	}
	return sealed.Bytes(), err
}

// Sealed reports whether a file is one that age has encrypted.
func Sealed(text []byte) bool {
	text = bytes.TrimSpace(text)
	return bytes.HasPrefix(text, []byte(armor.Header)) || bytes.HasPrefix(text, []byte("age-encryption.org/"))
}

// ErrPassphrase is that of a file which another passphrase opens.
var ErrPassphrase = errors.New("the passphrase is wrong")

// Open decrypts what Seal has encrypted.
func Open(sealed, passphrase []byte) ([]byte, error) {
	identity, err := age.NewScryptIdentity(string(passphrase))
	if err != nil {
		return nil, err
	}
	var from io.Reader = bytes.NewReader(sealed)
	if text := bytes.TrimSpace(sealed); bytes.HasPrefix(text, []byte(armor.Header)) {
		from = armor.NewReader(bytes.NewReader(text))
	}
	plain, err := age.Decrypt(from, identity)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none) && len(none.StanzaTypes) == 1 && none.StanzaTypes[0] == "scrypt":
		return nil, ErrPassphrase
	case errors.As(err, &none):
		return nil, errors.New("is encrypted for a recipient of age and not with a passphrase: decrypt it with age -d -i first")
	case err != nil:
		return nil, errors.New("cannot be decrypted: the file is damaged")
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		return nil, errors.New("cannot be decrypted: the file is damaged")
	}
	return text, nil
}
