// Signed notes by x/mod/sumdb/note, for test/cli/note.bats:
//
//	note keygen NAME FILE       writes a private key, prints the public one
//	note sign FILE…             signs standard input with the keys in the files
//	note verify VKEY…           prints the text of the note on standard input, and who signed
//
// Exit status: 0 done; 1 not signed so; 2 wrong usage.
package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

func keygen(words []string) error {
	private, public, err := note.GenerateKey(rand.Reader, words[0])
	if err != nil {
		return err
	}
	fmt.Println(public)
	return os.WriteFile(words[1], []byte(private+"\n"), 0600)
}

func sign(words []string) error {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	var signers []note.Signer
	for _, path := range words {
		private, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		signer, err := note.NewSigner(strings.TrimSpace(string(private)))
		if err != nil {
			return err
		}
		signers = append(signers, signer)
	}
	signed, err := note.Sign(&note.Note{Text: string(text)}, signers...)
	if err == nil {
		_, err = os.Stdout.Write(signed)
	}
	return err
}

func verify(words []string) error {
	whole, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	var known []note.Verifier
	for _, vkey := range words {
		verifier, err := note.NewVerifier(vkey)
		if err != nil {
			return err
		}
		known = append(known, verifier)
	}
	n, err := note.Open(whole, note.VerifierList(known...))
	if err != nil {
		return err
	}
	fmt.Print(n.Text)
	for _, s := range n.Sigs {
		fmt.Fprintln(os.Stderr, "signed by", s.Name)
	}
	return nil
}

func main() {
	verbs := map[string]func([]string) error{"keygen": keygen, "sign": sign, "verify": verify}
	if len(os.Args) < 3 || verbs[os.Args[1]] == nil || os.Args[1] == "keygen" && len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: note keygen NAME FILE | sign FILE… | verify VKEY…")
		os.Exit(2)
	}
	if err := verbs[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "note:", err)
		os.Exit(1)
	}
}
