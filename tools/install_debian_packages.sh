#!/usr/bin/env bash
# The Debian packages that tests need, or the judges too (install_debian_packages.sh [judges]): installed when absent and we are root,
# otherwise named.
set -euo pipefail

kind=${1:-tests}

missing=()
need() { # package, then a command that succeeds when it is there
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}
exists() { compgen -G "$1"; }

check() {
    missing=()
    need chromium command -v chromium
    need postgresql exists '/usr/lib/postgresql/*/bin/initdb'
    need poppler-utils command -v pdftotext
    need qpdf command -v qpdf
    need fonts-noto-cjk exists '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'
    need golang-go command -v go
    need golang-golang-x-mod-dev exists '/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog/tlog.go'
    need openssl command -v openssl
    need unicode-data exists '/usr/share/unicode/Unihan_OtherMappings.txt.bz2'
    # The judge of PDF/A-1b: Apache PDFBox Preflight and what it needs, run from its source by Java's launcher.
    need default-jdk-headless command -v javac
    need libpdfbox2-java exists '/usr/share/java/preflight.jar'
    need libjaxb-api-java exists '/usr/share/java/jaxb-api.jar'
    need libactivation-java exists '/usr/share/java/javax.activation.jar'
    need hledger command -v hledger
    [ "$kind" = judges ] || return 0
    need nodejs command -v node
    need npm command -v npm
    need default-jre-headless java -version
    need jing command -v jing
}

check
[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The ${kind} need these Debian packages, which are missing: ${missing[*]}" >&2
    echo "Install them and try again: sudo apt-get install ${missing[*]}" >&2
    exit 1
fi
echo "Installing the Debian packages ${missing[*]} …"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    echo "These Debian packages could not be installed: ${missing[*]}" >&2
    exit 1
fi
check
[ ${#missing[@]} -eq 0 ] || { echo "Still missing after the installation: ${missing[*]}" >&2; exit 1; }
