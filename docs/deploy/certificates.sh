#!/usr/bin/env bash
# Makes an authority and the certificates of a broker and its clients, with OpenSSL 3.
#
#   certificates.sh DIR ca                           the authority: DIR/ca.pem, DIR/ca.key
#   certificates.sh DIR broker HOST…                 DIR/broker.pem, DIR/broker.key, for these names and addresses
#   certificates.sh DIR client SITE/DEVICE           DIR/SITE/DEVICE.pem, DIR/SITE/DEVICE.key
#   certificates.sh DIR client worker/NAME           likewise
#   certificates.sh DIR client operator/NAME         likewise
#
# ca.key signs for everybody: keep it off the broker, best off every network.
set -euo pipefail
umask 077

usage() {
  sed -n '4,8s/^#   /usage: /p' "$0" >&2
  exit 2
}

[ $# -ge 2 ] || usage
directory=$1
command=$2
shift 2
years_ca=10
days_leaf=825

fail() {
  echo "certificates.sh: $1" >&2
  exit 2
}

# key FILE: an elliptic key (P-256), PKCS#8, readable by its owner only
key() {
  [ ! -e "$1" ] || fail "$1 exists: remove it first if it shall be replaced"
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}

# sign PREFIX NAME EXTENSION…: PREFIX.pem for PREFIX.key, by the authority
sign() {
  local prefix=$1 name=$2
  shift 2
  [ -e "$directory/ca.key" ] || fail "$directory/ca.key is not there: make the authority first, with ca"
  openssl req -new -key "$prefix.key" -subj "/CN=${name//\//\\/}" |
    openssl x509 -req -days "$days_leaf" -CA "$directory/ca.pem" -CAkey "$directory/ca.key" \
      -extfile <(printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' "$@") \
      -out "$prefix.pem"
  chmod 644 "$prefix.pem"
}

mkdir -p "$directory"
case $command in
  ca)
    key "$directory/ca.key"
    openssl req -x509 -new -key "$directory/ca.key" -days $((365 * years_ca)) -subj '/CN=Blindsight authority' \
      -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
      -out "$directory/ca.pem"
    chmod 644 "$directory/ca.pem"
    ;;
  broker)
    [ $# -ge 1 ] || usage
    names=
    for host in "$@"; do
      case $host in
        *[!0-9.]*) names+=,DNS:$host ;;
        *) names+=,IP:$host ;;
      esac
    done
    key "$directory/broker.key"
    sign "$directory/broker" broker 'extendedKeyUsage=serverAuth' "subjectAltName=${names#,}"
    ;;
  client)
    [ $# -eq 1 ] || usage
    [[ $1 =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_][A-Za-z0-9_.-]*$ ]] || fail "$1 is not SITE/DEVICE, worker/NAME or operator/NAME"
    [ ${#1} -le 64 ] || fail "$1 has more than 64 characters, the most a common name can have"
    mkdir -p "$directory/${1%/*}"
    key "$directory/$1.key"
    sign "$directory/$1" "$1" 'extendedKeyUsage=clientAuth'
    ;;
  *) usage ;;
esac
