#!/usr/bin/env bats
# script/package: what the package holds, by whom it is owned, how it is made, and how closed the service is.
bats_require_minimum_version 1.5.0

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    command -v dpkg-shlibdeps >/dev/null || skip "dpkg-dev is not installed"
    PACKAGE=$PWD/$(script/package --quick)
    export PACKAGE TREE=$BATS_FILE_TMPDIR/tree
    dpkg-deb -R "$PACKAGE" "$TREE"
}
setup() { cd "$BATS_TEST_DIRNAME/../.." || exit 1; }

@test "the package has the program, a page for each command, translations, rules and the service" {
    [ -x "$TREE/usr/bin/parley" ]
    while read -r command; do
        page=$TREE/usr/share/man/man1/parley-${command//_/-}.1.gz
        gzip -t "$page"
    done < <(sed -n 's/^COMMAND(\([a-z_]*\),.*/\1/p' src/cli/commands.def)
    while read -r language; do
        [ -s "$TREE/usr/share/locale/$language/LC_MESSAGES/parley.mo" ]
    done < <(grep -o '^[a-z]*' po/LINGUAS)
    [ -n "$(ls "$TREE/usr/share/parley/rules")" ]
    [ -f "$TREE/lib/systemd/system/parley-node.service" ]
    [ -f "$TREE/usr/share/doc/parley/config.example" ]
    [ -f "$TREE/usr/share/doc/parley/manual/recovery.md" ]
    cmp share/completion/parley.bash "$TREE/usr/share/bash-completion/completions/parley"
    cmp share/completion/_parley "$TREE/usr/share/zsh/vendor-completions/_parley"
    for table in build/territory/*.table; do
        [ ! -f "$table" ] || cmp "$table" "$TREE/usr/share/parley/territory/${table##*/}"
    done
}

@test "its program runs, and finds what was built into it" {
    run -0 "$TREE/usr/bin/parley" version
    [ "$output" = "parley $(sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)" ]
    run -0 grep -c /usr/share/locale "$TREE/usr/bin/parley"
}

@test "its control file names what it needs, its conffiles and sums are right" {
    run -0 dpkg-deb -f "$PACKAGE" Package Architecture
    [ "${lines[0]}" = "Package: parley" ]
    [ "${lines[1]}" = "Architecture: $(dpkg --print-architecture)" ]
    depends=$(dpkg-deb -f "$PACKAGE" Depends)
    for library in libc6 libssl3 libsodium23 libsqlite3-0 libmicrohttpd12 libgnutls30 libcurl4 libjansson4 libarchive13; do
        [[ $depends == *"$library"* ]]
    done
    [ "$(cat "$TREE/DEBIAN/conffiles")" = /etc/default/parley-node ]
    (cd "$TREE" && md5sum --quiet -c DEBIAN/md5sums)
    [ "$(grep -c . "$TREE/DEBIAN/md5sums")" -eq "$(find "$TREE" -path "$TREE/DEBIAN" -prune -o -type f -print | wc -l)" ]
    for script in postinst prerm postrm; do
        [ -x "$TREE/DEBIAN/$script" ]
        sh -n "$TREE/DEBIAN/$script"
    done
}

@test "nothing in it is owned by anyone but root, writable by others, setuid, or out of place" {
    dpkg-deb -c "$PACKAGE" >list
    run ! grep -v ' root/root ' list
    run ! grep -E '^.{8}w|^...[sS]|^......[sS]' <(grep -v '^l' list)
    run ! grep -vE ' \./($|usr/($|bin/($|parley$)|share/)|lib/($|systemd/)|etc/($|default/))' list
    rm list
    [ -z "$(find "$TREE/usr/share" -type f -perm /111)" ]
    [ -s "$TREE/usr/share/doc/parley/copyright" ]
    gzip -t "$TREE/usr/share/doc/parley/changelog.gz"
    run ! grep -rIl "$PWD" "$TREE"
}

@test "the same commit makes the same package" {
    before=$(sha256sum <"$PACKAGE")
    script/package --quick >/dev/null
    [ "$(sha256sum <"$PACKAGE")" = "$before" ]
}

@test "the service is closed: below 2.0 by systemd's own measure" {
    command -v systemd-analyze >/dev/null || skip "systemd-analyze is not installed"
    run -0 systemd-analyze security --offline=true --no-pager "$TREE/lib/systemd/system/parley-node.service"
    exposure=$(sed -n 's/.*exposure level for parley-node.service: \([0-9.]*\).*/\1/p' <<<"$output")
    [ -n "$exposure" ]
    awk -v exposure="$exposure" 'BEGIN { exit !(exposure < 2.0) }'
}

@test "removing and purging leave the home" {
    run ! grep -nE 'rm .*(/var/lib/parley|deluser|userdel)' "$TREE/DEBIAN/postrm" "$TREE/DEBIAN/prerm"
}
