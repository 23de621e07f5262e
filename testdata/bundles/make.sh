#!/bin/sh
# Makes the bundles in good/ and broken/ with openssl: each is a topology of one cluster with its certificates and its
# CA key, in one file in the form of txtar. The keys are test material and keep no secret.
#
#	sh testdata/bundles/make.sh [KIND/NAME]...
#
# With names it writes those bundles alone, such as good/with-crls, and leaves the others as they are.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
[ $# -gt 0 ] || rm -rf good broken
mkdir -p good broken
wanted=" $* "

cat >"$work/ca.conf" <<EOF
[ca]
default_ca = ca
[ca]
database = $work/index
new_certs_dir = $work
policy = any
unique_subject = no
rand_serial = yes
[lists]
database = $work/revoked
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
[any]
countryName = optional
organizationName = optional
localityName = optional
commonName = optional
[req]
distinguished_name = name
[name]
EOF
: >"$work/index"

# newkey NAME KIND makes a key: P-256, P-384, ed25519, or the bits of an RSA key.
newkey() {
	case $2 in
	P-*) openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$2" -out "$work/$1.key" 2>/dev/null ;;
	ed25519) openssl genpkey -algorithm ed25519 -out "$work/$1.key" ;;
	*) openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" -out "$work/$1.key" 2>/dev/null ;;
	esac
}

# sound sets what a certificate has unless something else is asked for.
sound() {
	kind=P-256 key='' subject='' md=sha256 from=20200101000000Z to=20991231235959Z
	basic=critical,CA:TRUE usage=critical,digitalSignature,nonRepudiation,keyEncipherment,keyCertSign
	identifiers=yes more=''
}

# issue NAME ISSUER [SETTING=VALUE]... makes NAME.pem and NAME.key. Where NAME and ISSUER are the same it is a root.
issue() {
	name=$1 issuer=$2
	shift 2
	sound
	for setting; do
		eval "${setting%%=*}=\${setting#*=}"
	done
	if [ "$key" ]; then cp "$work/$key.key" "$work/$name.key"; else newkey "$name" "$kind"; fi
	{
		echo "basicConstraints=$basic"
		[ -z "$usage" ] || echo "keyUsage=$usage"
		[ -z "$identifiers" ] || printf 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n'
		[ "$identifiers" ] || printf 'subjectKeyIdentifier=none\nauthorityKeyIdentifier=none\n'
		[ -z "$more" ] || echo "$more"
	} >"$work/ext"
	openssl req -new -config "$work/ca.conf" -key "$work/$name.key" -subj "${subject:-/O=Istio/CN=$name}" -out "$work/csr"
	signer="-cert $work/$issuer.pem"
	[ "$name" != "$issuer" ] || signer=-selfsign
	# shellcheck disable=SC2086
	openssl ca -batch -notext -config "$work/ca.conf" $signer -keyfile "$work/$issuer.key" -md "$md" -preserveDN \
		-startdate "$from" -enddate "$to" -extfile "$work/ext" -in "$work/csr" -out "$work/$name.pem" 2>"$work/log" || {
		cat "$work/log"
		exit 1
	}
}

# files prints the files of the names: a certificate, or with its ending another file.
files() {
	for file in $1; do
		case $file in
		*.*) cat "$work/$file" ;;
		*) cat "$work/$file.pem" ;;
		esac
	done
}

# crl CA END [REVOKED] makes the revocation list CA.crl, with the certificate of that name in it.
crl() {
	: >"$work/revoked"
	[ $# -eq 2 ] || printf 'R\t991231235959Z\t250101000000Z\t%s\tunknown\t/CN=%s\n' \
		"$(openssl x509 -in "$work/$3.pem" -noout -serial | cut -d= -f2)" "$3" >"$work/revoked"
	openssl ca -gencrl -config "$work/ca.conf" -name lists -cert "$work/$1.pem" -keyfile "$work/$1.key" -md sha256 \
		-crl_lastupdate 20200101000000Z -crl_nextupdate "$2" -out "$work/$1.crl" 2>/dev/null
}

# bundle KIND/NAME ROOTS CERT KEY CHAIN [CRLS] writes one, of names of certificates. A slash between roots parts two
# files.
bundle() {
	case $wanted in "  " | *" $1 "*) ;; *) return 0 ;; esac
	{
		echo "TEST MATERIAL, made by testdata/bundles/make.sh. It keeps no secret."
		cat <<EOF
-- topology.yaml --
apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: bundle}
spec:
  istio: {version: "1.31.1"}
  secrets: {protection: plaintext}
  networks: {network1: {}}
  clusters:
    cluster-a:
      network: network1
      intermediate:
        cert: ca-cert.pem
        key: {file: ca-key.pem}
        chain: cert-chain.pem
EOF
		[ $# -lt 6 ] || echo "        crl: ca-crl.pem"
		cat <<EOF
  trust:
    roots:
      - root-cert.pem
EOF
		case $2 in */*) echo "      - other-root.pem" ;; esac
		echo "-- root-cert.pem --"
		files "${2%%/*}"
		case $2 in */*)
			echo "-- other-root.pem --"
			files "${2#*/}"
			;;
		esac
		echo "-- ca-cert.pem --"
		files "$3"
		echo "-- ca-key.pem --"
		files "$4"
		echo "-- cert-chain.pem --"
		files "$5"
		[ $# -lt 6 ] || {
			echo "-- ca-crl.pem --"
			files "$6"
		}
	} >"$1.txtar"
}

# good NAME ROOT CA writes a sound bundle of two levels.
good() { bundle "good/$1" "$2" "$3" "$3.key" "$3 $2"; }

# broken NAME ROOT CA writes one of the same files.
broken() { bundle "broken/$1" "$2" "$3" "$3.key" "$3 $2"; }

low=critical,CA:TRUE,pathlen:0
future=20980101000000Z

issue root root
issue other-root other-root
issue ca root basic=$low
issue other-ca root basic=$low
issue middle root
issue low-ca middle basic=$low

good p-256 root ca
for kind in P-384 P-521 2048 4096; do
	issue "root-$kind" "root-$kind" kind=$kind
	issue "ca-$kind" "root-$kind" kind=$kind basic=$low
	case $kind in P-*) good "p-${kind#P-}" "root-$kind" "ca-$kind" ;; *) good "rsa-$kind" "root-$kind" "ca-$kind" ;; esac
done
issue mixed-ca root-2048 basic=$low
good ecdsa-under-rsa root-2048 mixed-ca
bundle good/three-levels root low-ca low-ca.key "low-ca middle root"
issue second middle
issue lowest second basic=$low
bundle good/four-levels root lowest lowest.key "lowest second middle root"
bundle good/two-roots "root other-root" ca ca.key "ca root"
bundle good/two-root-files root/other-root ca ca.key "ca root"
# as tools/certs of Istio makes them
issue makefile-root makefile-root kind=4096 subject='/O=Istio/CN=Root CA'
issue makefile-ca makefile-root kind=4096 basic=$low subject='/O=Istio/CN=Intermediate CA/L=cluster-a' more='subjectAltName=DNS:istiod.istio-system.svc'
good istio-makefile makefile-root makefile-ca
# as cert-manager makes them: no pathlen, other usages
issue cm-root cm-root usage=critical,digitalSignature,keyEncipherment,keyCertSign subject='/O=cert-manager/CN=root'
issue cm-ca cm-root usage=critical,digitalSignature,keyEncipherment,keyCertSign subject='/O=cert-manager/CN=istio-ca'
good cert-manager-shape cm-root cm-ca
issue plain-root plain-root usage=''
issue plain-ca plain-root usage='' basic=$low
good no-key-usage plain-root plain-ca
issue any-ca root basic=$low more=extendedKeyUsage=serverAuth,clientAuth
good both-extended-usages root any-ca
issue named-ca root basic=$low more='nameConstraints=critical,permitted;URI:cluster.local'
good permitted-trust-domain root named-ca
issue counted-root counted-root basic=critical,CA:TRUE,pathlen:1
issue counted-ca counted-root basic=$low
good root-with-room counted-root counted-ca
openssl ec -in "$work/ca.key" -out "$work/ca-sec1.key" 2>/dev/null
bundle good/key-in-sec1 root ca ca-sec1.key "ca root"
sed 's/$/\r/' "$work/ca.pem" >"$work/ca-crlf.pem"
bundle good/windows-line-ends root ca-crlf ca.key "ca root"

# what istiod accepts and what breaks between clusters only
bundle broken/chain-without-intermediate root ca ca.key root
issue no-sign-ca root basic=$low usage=critical,digitalSignature
broken no-cert-sign root no-sign-ca
issue no-sign-root no-sign-root usage=critical,cRLSign
issue under-no-sign no-sign-root basic=$low
broken root-no-cert-sign no-sign-root under-no-sign
issue narrow-root narrow-root basic=$low
issue under-narrow narrow-root basic=$low
broken root-pathlen narrow-root under-narrow
issue narrow root basic=$low
issue under-narrow-2 narrow basic=$low
bundle broken/middle-pathlen root under-narrow-2 under-narrow-2.key "under-narrow-2 narrow root"
bundle broken/root-is-intermediate ca ca ca.key ca
bundle broken/root-signs root root root.key root
bundle broken/root-of-three-levels-is-middle middle low-ca low-ca.key "low-ca middle root"

# what istiod refuses
bundle broken/key-of-another root ca other-ca.key "ca root"
bundle broken/key-of-the-root root ca root.key "ca root"
bundle broken/cert-of-another root ca other-ca.key "other-ca root"
bundle broken/unknown-root other-root ca ca.key "ca root"
issue twin-root twin-root subject=/O=Istio/CN=root
bundle broken/root-made-twice twin-root ca ca.key "ca root"
bundle broken/without-middle root low-ca low-ca.key "low-ca root"
bundle broken/root-first root "root ca" ca.key "ca root"
issue old-ca root basic=$low to=20210101000000Z
broken expired root old-ca
issue old-root old-root to=20210101000000Z
issue under-old old-root basic=$low
broken root-expired old-root under-old
issue new-ca root basic=$low from=$future
broken not-yet-valid root new-ca
issue new-root new-root from=$future
issue under-new new-root basic=$low
broken root-not-yet-valid new-root under-new
issue old-middle root to=20210101000000Z
issue under-old-middle old-middle basic=$low
bundle broken/middle-expired root under-old-middle under-old-middle.key "under-old-middle old-middle root"
issue leaf root basic=CA:FALSE
broken not-a-ca root leaf
issue leaf-root leaf-root basic=CA:FALSE
issue under-leaf leaf-root basic=$low
broken root-not-a-ca leaf-root under-leaf
issue client-ca root basic=$low more=extendedKeyUsage=clientAuth
broken no-server-auth root client-ca
issue server-ca root basic=$low more=extendedKeyUsage=serverAuth
broken no-client-auth root server-ca
issue sha1-ca root-2048 basic=$low md=sha1 kind=2048
broken sha1 root-2048 sha1-ca
issue sha1-middle root-2048 md=sha1 kind=2048
issue under-sha1 sha1-middle basic=$low
bundle broken/middle-sha1 root-2048 under-sha1 under-sha1.key "under-sha1 sha1-middle root-2048"
issue named-middle root more='nameConstraints=critical,permitted;URI:example.com'
issue under-named named-middle basic=$low
issue excluding-ca root basic=$low more='nameConstraints=critical,excluded;URI:cluster.local'
issue outside-ca root basic=$low more='nameConstraints=critical,permitted;URI:example.com'
broken name-constraints-permit-another root outside-ca
broken name-constraints-exclude root excluding-ca
bundle broken/middle-name-constraints root under-named under-named.key "under-named named-middle root"
issue ed-ca root basic=$low kind=ed25519
broken ed25519 root ed-ca
issue weak-ca root basic=$low kind=1024
broken weak-key root weak-ca
issue weak-root weak-root kind=1024
issue under-weak weak-root basic=$low
broken root-weak-key weak-root under-weak

# order, and what is too much or too little
bundle broken/chain-order root ca ca.key "root ca"
bundle broken/chain-order-of-three root low-ca low-ca.key "low-ca root middle"
bundle broken/chain-without-root root ca ca.key ca
bundle broken/stray-certificate root ca ca.key "ca other-ca root"
bundle broken/duplicate-root "root root" ca ca.key "ca root"
bundle broken/duplicate-root-file root/root ca ca.key "ca root"
issue same-name same-name identifiers= subject=/CN=same
issue same-name-2 same-name-2 identifiers= subject=/CN=same
issue under-same same-name identifiers= basic=$low
bundle broken/ambiguous-roots "same-name same-name-2" under-same under-same.key "under-same same-name"
bundle broken/expired-root-in-bundle "root old-root" ca ca.key "ca root"
issue short-root short-root to=20900101000000Z
issue long-ca short-root basic=$low
broken outlives-root short-root long-ca
issue soon-ca root basic=$low to=20260801000000Z
broken ends-soon root soon-ca

# files that are not what they should be
bundle broken/key-in-root "root root.key" ca ca.key "ca root"
bundle broken/key-in-chain root ca ca.key "ca ca.key root"
bundle broken/certificate-for-key root ca ca.pem "ca root"
openssl pkcs8 -topk8 -in "$work/ca.key" -passout pass:secret -out "$work/locked.key"
bundle broken/encrypted-key root ca locked.key "ca root"
sed 's/BEGIN PRIVATE/BEGIN RSA PRIVATE/;s/END PRIVATE/END RSA PRIVATE/' "$work/ca.key" >"$work/relabelled.key"
bundle broken/key-with-wrong-label root ca relabelled.key "ca root"
openssl req -new -config "$work/ca.conf" -key "$work/ca.key" -subj /CN=ca -out "$work/request.pem"
bundle broken/request-for-certificate root request ca.key "ca root"
sed '$d' "$work/root.pem" >"$work/cut.pem"
bundle broken/root-cut-off cut ca ca.key "ca root"
sed 's/BEGIN CERTIFICATE/BEGIN TRUSTED CERTIFICATE/;s/END CERTIFICATE/END TRUSTED CERTIFICATE/' "$work/root.pem" >"$work/trusted.pem"
bundle broken/trusted-certificate trusted ca ca.key "ca root"
printf '' >"$work/empty.pem"
bundle broken/empty-chain root ca ca.key empty
openssl crl2pkcs7 -nocrl -certfile "$work/ca.pem" -out "$work/bag.pem"
bundle broken/pkcs7 root bag ca.key "ca root"
{ echo "-----BEGIN CERTIFICATE-----"; head -c 300 /dev/zero | base64; echo "-----END CERTIFICATE-----"; } >"$work/zeros.pem"
bundle broken/malformed-certificate root zeros ca.key "ca root"

# revocation lists
signs=critical,digitalSignature,keyCertSign,cRLSign
issue list-root list-root usage=$signs
issue list-middle list-root usage=$signs
issue list-ca list-root usage=$signs basic=$low
issue list-low list-middle usage=$signs basic=$low
for ca in list-root list-middle list-ca list-low; do crl $ca 20991231235959Z; done
# lists KIND/NAME CRLS writes one of two levels.
lists() { bundle "$1" list-root list-ca list-ca.key "list-ca list-root" "$2"; }
lists good/with-crls "list-ca.crl list-root.crl"
bundle good/with-crls-three-levels list-root list-low list-low.key "list-low list-middle list-root" "list-low.crl list-middle.crl list-root.crl"
sed '/^crl_extensions/d' "$work/ca.conf" >"$work/plain.conf"
openssl ca -gencrl -config "$work/plain.conf" -name lists -cert "$work/list-root.pem" -keyfile "$work/list-root.key" -md sha256 \
	-crldays 9000 -out "$work/first-version.crl" 2>/dev/null
lists broken/crl-of-version-1 "list-ca.crl first-version.crl"
lists broken/crl-incomplete list-ca.crl
lists broken/crl-is-certificate "list-ca.crl list-root"
issue list-twin list-twin usage=$signs subject=/O=Istio/CN=list-root
crl list-twin 20991231235959Z
lists broken/crl-of-root-made-twice "list-ca.crl list-twin.crl"
crl list-root 20991231235959Z list-ca
lists broken/crl-revokes-ca "list-ca.crl list-root.crl"
crl list-root 20210101000000Z
lists broken/crl-expired "list-ca.crl list-root.crl"
