#!/usr/bin/env bash
# Makes every bundle below good and broken anew with openssl: run it in this directory. The tests read what it left,
# so that they need no openssl. All keys are test material that protects nothing, and say so in their first line.
# With names of bundles as arguments it makes those only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
only=("$@")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Istio's code knows no time but that of the machine: so what has expired did so early, what is not valid yet begins late,
# and meshtopo's test takes 2040-01-01 as the time, before which nothing ends that is about to.
from=20260101000000Z until=20560101000000Z
ca_ext='basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash'
no_id='basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=none
authorityKeyIdentifier=none'

# key NAME [KIND]
key() {
	case ${2:-P-256} in
	rsa*) openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa}" -out "$1.key" 2>/dev/null ;;
	ed25519) openssl genpkey -algorithm ED25519 -out "$1.key" ;;
	*) openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:${2:-P-256}" -out "$1.key" ;;
	esac
}

# sign NAME PARENT: a certificate for NAME.key, signed by PARENT, or by itself. The variables subject, ext, start, end
# and md change it.
sign() {
	: >index.txt
	cat >ca.cnf <<CNF
[ca]
default_ca = d
[d]
database = index.txt
new_certs_dir = .
unique_subject = no
rand_serial = yes
policy = any
email_in_dn = no
[any]
organizationName = optional
commonName = optional
[req]
distinguished_name = dn
[dn]
[ext]
${ext:-$ca_ext}
CNF
	openssl req -new -config ca.cnf -key "$1.key" -subj "${subject:-/O=Test/CN=$1}" -out "$1.csr"
	local by=(-cert "$2.pem" -keyfile "$2.key")
	[ "$1" != "$2" ] || by=(-selfsign -keyfile "$1.key")
	openssl ca -batch -notext -config ca.cnf -extensions ext -md "${md:-sha256}" "${by[@]}" -in "$1.csr" -out "$1.pem" \
		-startdate "${start:-$from}" -enddate "${end:-$until}" 2>err.txt || { cat err.txt >&2; return 1; }
}

# crl NAME NEXT [REVOKED]: NAME's CRL up to NEXT, from the variable last.
crl() {
	: >index.txt
	if [ -n "${3:-}" ]; then
		printf 'R\t%s\t%s\t%s\tunknown\t/CN=revoked\n' "${until:2}" "${from:2}" \
			"$(openssl x509 -in "$3.pem" -noout -serial | cut -d= -f2)" >index.txt
	fi
	echo 01 >crlnumber
	printf '[ca]\ndefault_ca = d\n[d]\ndatabase = index.txt\ncrlnumber = crlnumber\ndefault_md = sha256\n' >crl.cnf
	openssl ca -gencrl -config crl.cnf -cert "$1.pem" -keyfile "$1.key" -crl_lastupdate "${last:-$from}" \
		-crl_nextupdate "$2" -out "$1.crl" 2>err.txt || { cat err.txt >&2; return 1; }
}

# new GOOD|BROKEN NAME: starts a bundle, unless others are asked for.
new() {
	if [ ${#only[@]} -gt 0 ] && [[ " ${only[*]} " != *" $2 "* ]]; then return 1; fi
	out=$here/$1/$2
	rm -rf "$out"
	mkdir -p "$out"
	rm -f ./*.key ./*.pem ./*.csr ./*.crl
	unset subject ext start end md last
}

# pair [KIND]: a root, and an intermediate ca below it.
pair() { key root "${1:-}"; sign root root; key ca "${1:-}"; sign ca root; }

# three [KIND]: a root, a policy CA, and an intermediate ca.
three() { key root "${1:-}"; sign root root; key policy "${1:-}"; sign policy root; key ca "${1:-}"; sign ca policy; }

# put FILE PART...: writes a file of the bundle from parts. The line before a key is the one by which meshtopo itself
# knows the keys of tests, whoever made them.
put() {
	local to=$out/$1 part
	shift
	: >"$to"
	for part; do
		case $part in
		*.key) echo 'TEST KEY, made by testdata/generate. It keeps no secret.' >>"$to" ;;
		*) [ -s "$to" ] || echo 'TEST CERTIFICATE, made by testdata/bundles/make.sh. Nothing real is signed with it.' >"$to" ;;
		esac
		cat "$part" >>"$to"
	done
}

# files: the four files as they should be, the chain by way of the policy CA where there is one.
files() {
	put ca-cert.pem ca.pem
	put ca-key.pem ca.key
	if [ -f policy.pem ]; then put cert-chain.pem ca.pem policy.pem root.pem; else put cert-chain.pem ca.pem root.pem; fi
	put root-cert.pem root.pem
}

# tls: the form of a Secret of type kubernetes.io/tls.
tls() { put tls.crt ca.pem; put tls.key ca.key; put ca.crt root.pem; put root-cert.pem root.pem; }

## Good ones.
new good p256 && { pair; files; }
new good p384 && { pair P-384; files; }
new good p521 && { pair P-521; files; }
new good rsa-2048 && { pair rsa2048; files; }
new good rsa-root-ec-intermediate && { key root rsa3072; sign root root; key ca; sign ca root; files; }
new good three-levels && { three; files; }
new good three-levels-rsa && { three rsa2048; files; }
new good two-roots && { pair; files; key other; sign other other; put root-cert.pem root.pem other.pem; }
new good two-roots-second-signs && { pair; files; key other; sign other other; put root-cert.pem other.pem root.pem; }
new good cross-signed-names && { pair; files; key other; subject=/O=Test/CN=root sign other other; put root-cert.pem root.pem other.pem; }
new good istio-makefile && {
	key root rsa4096; subject="/O=Istio/CN=Root CA" sign root root
	key ca rsa4096
	subject="/O=Istio/CN=Intermediate CA" ext="subjectKeyIdentifier=hash
basicConstraints=critical,CA:true,pathlen:0
keyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment,keyCertSign
subjectAltName=DNS:istiod.istio-system.svc" sign ca root
	openssl pkey -in ca.key -traditional -out ca1.key; mv ca1.key ca.key
	files
}
new good cert-manager-shape && {
	pair; ext="basicConstraints=critical,CA:true
keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign
authorityKeyIdentifier=keyid
subjectKeyIdentifier=hash" sign ca root; files
}
new good sec1-key && { pair; openssl pkey -in ca.key -traditional -out ca1.key; mv ca1.key ca.key; files; }
new good cert-with-text && { pair; openssl x509 -in ca.pem -text -out t.pem; mv t.pem ca.pem; files; }
new good cert-file-holds-the-chain && { pair; files; put ca-cert.pem ca.pem root.pem; }
new good pathlen-just-enough && { key root; ext=${ca_ext/CA:true/CA:true,pathlen:1} sign root root; key ca; sign ca root; files; }
new good permitted-trust-domain && { pair; ext="$ca_ext
nameConstraints=critical,permitted;URI:cluster.local" sign ca root; files; }
new good usage-of-both && { pair; ext="$ca_ext
extendedKeyUsage=serverAuth,clientAuth" sign ca root; files; }
new good windows-line-ends && { pair; files; sed -i 's/$/\r/' "$out/ca-cert.pem" "$out/cert-chain.pem"; }
new good tls && { pair; tls; }
new good tls-three-levels && { three; tls; put tls.crt ca.pem policy.pem; }
new good crl && { pair; files; crl root "$until"; put ca-crl.pem root.crl; crl ca "$until"; cat ca.crl >>"$out/ca-crl.pem"; }
new good crl-three-levels && { three; files; for c in root policy ca; do crl $c "$until"; done; put ca-crl.pem ca.crl policy.crl root.crl; }

## Broken ones: files that cannot be read.
new broken root-cut-off && { pair; files; sed -i '$d' "$out/root-cert.pem"; }
new broken cert-empty && { pair; files; : >"$out/ca-cert.pem"; }
new broken chain-cut-off && { pair; files; sed -i '$d' "$out/cert-chain.pem"; }
new broken key-cut-off && { pair; files; sed -i '$d' "$out/ca-key.pem"; }
new broken cert-der && { pair; files; openssl x509 -in ca.pem -outform DER -out "$out/ca-cert.pem"; }
new broken root-der && { pair; files; openssl x509 -in root.pem -outform DER -out "$out/root-cert.pem"; }
new broken chain-der && { pair; files; openssl x509 -in ca.pem -outform DER -out "$out/cert-chain.pem"; }
new broken cert-is-request && { pair; files; put ca-cert.pem ca.csr; }
new broken chain-holds-request && { pair; files; put cert-chain.pem ca.pem ca.csr root.pem; }
new broken key-in-cert && { pair; files; put ca-cert.pem ca.pem ca.key; }
new broken key-in-chain && { pair; files; put cert-chain.pem ca.pem root.pem ca.key; }
new broken key-in-roots && { pair; files; put root-cert.pem root.pem root.key; }
new broken cert-damaged && {
	pair; files; { echo 'TEST CERTIFICATE, made by testdata/bundles/make.sh. Nothing real is signed with it.'
	echo '-----BEGIN CERTIFICATE-----'; openssl x509 -in ca.pem -outform DER | head -c 200 | base64 -w 64; echo '-----END CERTIFICATE-----'; } >"$out/ca-cert.pem"
}

## What the certificates allow.
leaf='basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature'
no_sign='basicConstraints=critical,CA:true
keyUsage=critical,digitalSignature,cRLSign
subjectKeyIdentifier=hash'
short='basicConstraints=critical,CA:true,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash'
new broken cert-is-leaf && { pair; ext=$leaf sign ca root; files; }
new broken root-is-leaf && { key root; ext=$leaf sign root root; key ca; sign ca root; files; }
new broken no-cert-sign && { pair; ext=$no_sign sign ca root; files; }
new broken root-no-cert-sign && { key root; ext=$no_sign sign root root; key ca; sign ca root; files; }
new broken policy-no-cert-sign && { three; ext=$no_sign sign policy root; sign ca policy; files; }
new broken root-pathlen-0 && { key root; ext=$short sign root root; key ca; sign ca root; files; }
new broken policy-pathlen-0 && { three; ext=$short sign policy root; sign ca policy; files; }
new broken code-signing-only && { pair; ext="$ca_ext
extendedKeyUsage=codeSigning" sign ca root; files; }
new broken server-only && { pair; ext="$ca_ext
extendedKeyUsage=serverAuth" sign ca root; files; }
new broken sha1 && { pair rsa2048; md=sha1 sign ca root; files; }
new broken policy-sha1 && { three; md=sha1 sign policy root; sign ca policy; files; }
new broken rsa-1024 && { pair; key ca rsa1024; sign ca root; files; }
new broken ed25519 && { pair; key ca ed25519; sign ca root; files; }
new broken other-trust-domain-permitted && { pair; ext="$ca_ext
nameConstraints=critical,permitted;URI:example.com" sign ca root; files; }
new broken policy-excludes-trust-domain && { three; ext="$ca_ext
nameConstraints=critical,excluded;URI:cluster.local" sign policy root; sign ca policy; files; }

## Their time.
new broken expired && { pair; end=20260201000000Z sign ca root; files; }
new broken root-expired && { key root; end=20260201000000Z sign root root; key ca; end=20260201000000Z sign ca root; files; }
new broken policy-expired && { three; end=20260201000000Z sign policy root; sign ca policy; files; }
new broken not-yet-valid && { pair; start=20500101000000Z sign ca root; files; }
new broken root-not-yet-valid && { key root; start=20500101000000Z sign root root; key ca; sign ca root; files; }
new broken expires-soon && { pair; end=20400301000000Z sign ca root; files; }
new broken root-expires-soon && { key root; end=20400301000000Z sign root root; key ca; end=20400229000000Z sign ca root; files; }
new broken old-root-beside-new && { pair; files; key old; end=20260201000000Z sign old old; put root-cert.pem root.pem old.pem; }
new broken outlives-root && { key root; end=20450101000000Z sign root root; key ca; sign ca root; files; }

## How the files fit together.
new broken root-twice && { pair; files; put root-cert.pem root.pem root.pem; }
new broken roots-of-one-name && {
	key root; ext=$no_id sign root root; key ca; ext=$no_id sign ca root; files
	key other; subject=/O=Test/CN=root ext=$no_id sign other other; put root-cert.pem root.pem other.pem
}
new broken intermediate-as-root && { pair; files; put root-cert.pem ca.pem; }
new broken policy-as-root && { three; files; put root-cert.pem policy.pem; }
new broken root-signs && { pair; cp root.pem ca.pem; cp root.key ca.key; files; put cert-chain.pem root.pem; }
new broken cert-file-starts-with-root && { pair; files; put ca-cert.pem root.pem ca.pem; }
new broken chain-without-intermediate && { pair; files; put cert-chain.pem root.pem; }
new broken chain-upside-down && { pair; files; put cert-chain.pem root.pem ca.pem; }
new broken chain-without-policy && { three; files; put cert-chain.pem ca.pem root.pem; }
new broken chain-without-root && { pair; files; put cert-chain.pem ca.pem; }
new broken chain-with-stranger && { pair; files; key other; sign other other; put cert-chain.pem ca.pem root.pem other.pem; }
new broken root-of-others && { pair; files; key other; sign other other; put root-cert.pem other.pem; }
new broken root-made-twice && { pair; files; key root; sign root root; put root-cert.pem root.pem; }

## The key.
new broken cert-for-key && { pair; files; put ca-key.pem ca.pem; }
new broken key-encrypted && { pair; openssl pkey -in ca.key -aes256 -passout pass:test -out e.key; mv e.key ca.key; files; }
new broken key-label-wrong && { pair; sed -i 's/ PRIVATE KEY/ RSA PRIVATE KEY/' ca.key; files; }
new broken key-of-another && { pair; key ca; files; }
new broken key-of-root && { pair; files; put ca-key.pem root.key; }

## CRLs.
# with_crl NEXT [REVOKED]: the bundle of pair with the CRLs of both; the root's ends at NEXT.
with_crl() { files; crl ca "$until"; crl root "$@"; put ca-crl.pem ca.crl root.crl; }
new broken crl-malformed && { pair; with_crl "$until"; sed -i '$d' "$out/ca-crl.pem"; }
new broken crl-is-certificate && { pair; files; put ca-crl.pem root.pem; }
new broken crl-expired && { pair; with_crl 20260201000000Z; }
new broken crl-expires-soon && { pair; with_crl 20400301000000Z; }
new broken crl-not-yet-valid && { pair; last=20500101000000Z with_crl "$until"; }
new good crl-of-a-stranger && { pair; with_crl "$until"; key other; sign other other; crl other "$until"; put ca-crl.pem ca.crl root.crl other.crl; }
new broken crl-incomplete && { pair; with_crl "$until"; put ca-crl.pem root.crl; }
new broken crl-not-verified && { pair; with_crl "$until"; key root; sign root root; crl root "$until"; put ca-crl.pem ca.crl root.crl; }
new broken crl-revokes-ca && { pair; with_crl "$until" ca; }

## The form kubernetes.io/tls.
new broken both-forms && { pair; tls; pair; files; }
exit 0
