package trust

import "crypto"

// ParseSigner reads a private key as ParsePrivateKey does, and gives all of it, to sign with.
func ParseSigner(text []byte) (crypto.Signer, []Problem) {
	if _, problems := ParsePrivateKey(text); len(problems) > 0 {
		return nil, problems
	}
	blocks, _ := scan(text)
	key, err := blocks[0].key()
	signer, ok := key.(crypto.Signer)
	if err != nil || !ok {
		return nil, []Problem{{Rule: malformedKey, Message: "holds a private key that cannot sign"}}
	}
	return signer, nil
}
