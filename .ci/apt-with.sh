# Defines apt_with, for scripts with a function `die` and a temporary directory in `work`.

# apt_with SUITE KIND COMMAND...: runs apt-get with one additional source. It uses directories of its own, so
# that the sources of the machine stay as they are.
apt_with() {
  local suite=$1 kind=$2 apt=$work/apt-$1
  shift 2
  if [ ! -d "$apt" ]; then
    mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/sources"
    local uri
    uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/$' | head -1)
    cat > "$apt/sources/extra.sources" <<SOURCES
Types: $kind
URIs: ${uri:-http://deb.debian.org/debian/}
Suites: $suite
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
Check-Valid-Until: no
SOURCES
    apt-get "${options[@]}" -o "Dir::Etc::sourceparts=$apt/sources" -o "Dir::State::lists=$apt/lists" update >&2 ||
      die "the list of packages of $suite cannot be read"
  fi
  apt-get "${options[@]}" -o "Dir::Etc::sourceparts=$apt/sources" -o "Dir::State::lists=$apt/lists" "$@"
}
options=(-qq -o Dir::Etc::sourcelist=/dev/null -o APT::Sandbox::User=root)
