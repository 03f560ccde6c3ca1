package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	typeEd25519     = 1
	typeCosignature = 4
)

type logKey struct {
	note.Verifier
}

// A key of type 4, which x/mod does not know.
type cosigner struct {
	name   string
	hash   uint32
	public ed25519.PublicKey
}

type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

// readCosigner takes a verifier key of type 4 apart and checks its id.
func readCosigner(vkey string) (cosigner, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return cosigner{}, errors.New("a verifier key has three parts")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return cosigner{}, err
	}
	typed, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(typed) != 1+ed25519.PublicKeySize || typed[0] != typeCosignature {
		return cosigner{}, errors.New("neither a key of type 1 nor one of type 4")
	}
	sum := sha256.Sum256([]byte(parts[0] + "\n" + string(typed)))
	if binary.BigEndian.Uint32(sum[:]) != uint32(hash) {
		return cosigner{}, errors.New("the id is not that of the key")
	}
	return cosigner{parts[0], uint32(hash), ed25519.PublicKey(typed[1:])}, nil
}

func readKeys(r *record) (string, error) {
	text, err := os.ReadFile(filepath.Join(r.dir, "vkeys"))
	if err != nil {
		return "", err
	}
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		if v, err := note.NewVerifier(line); err == nil {
			r.logs = append(r.logs, logKey{v})
		} else if c, err := readCosigner(line); err == nil {
			r.cosigners = append(r.cosigners, c)
		} else {
			return "", fmt.Errorf("vkeys, line %d: %v", i+1, err)
		}
	}
	return fmt.Sprintf("keys: %d of logs, %d of mirrors", len(r.logs), len(r.cosigners)), nil
}

// verify checks a timestamped signature over the text of a checkpoint and gives its time.
func (c cosigner) verify(text, signature string) (uint64, error) {
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || len(raw) != 4+8+ed25519.SignatureSize {
		return 0, errors.New("not of 76 bytes")
	}
	seconds := binary.BigEndian.Uint64(raw[4:])
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)
	if !ed25519.Verify(c.public, []byte(message), raw[12:]) {
		return 0, errors.New("does not verify")
	}
	return seconds, nil
}

func parseCheckpoint(text string) (c checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] == "" {
		return c, errors.New("a checkpoint has three lines")
	}
	c.origin = lines[0]
	if c.size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return c, err
	}
	if c.size < 0 || strconv.FormatInt(c.size, 10) != lines[1] {
		return c, errors.New("the size is not in its one spelling")
	}
	c.root, err = tlog.ParseHash(lines[2])
	return c, err
}

// openNote verifies a checkpoint with the log keys that bear its origin as their name, and all cosignatures by listed
// keys: it gives how many there are.
func (r *record) openNote(whole []byte) (c checkpoint, cosignatures int, err error) {
	var verifiers []note.Verifier
	for _, l := range r.logs {
		verifiers = append(verifiers, l.Verifier)
	}
	n, err := note.Open(whole, note.VerifierList(verifiers...))
	if err != nil {
		return c, 0, err
	}
	if c, err = parseCheckpoint(n.Text); err != nil {
		return c, 0, err
	}
	for _, s := range n.Sigs {
		if s.Name != c.origin {
			return c, 0, fmt.Errorf("signed by %s, which is not the origin", s.Name)
		}
	}
	for _, s := range n.UnverifiedSigs {
		for _, k := range r.cosigners {
			if s.Name != k.name || s.Hash != k.hash {
				continue
			}
			if _, err := k.verify(n.Text, s.Base64); err != nil {
				return c, 0, fmt.Errorf("the cosignature of %s: %v", s.Name, err)
			}
			cosignatures++
		}
	}
	return c, cosignatures, nil
}

func openCheckpoint(r *record) (string, error) {
	whole, err := os.ReadFile(filepath.Join(r.dir, "checkpoint"))
	if err != nil {
		return "", err
	}
	c, cosignatures, err := r.openNote(whole)
	if err != nil {
		return "", fmt.Errorf("checkpoint: %v", err)
	}
	r.checkpoint = c
	return fmt.Sprintf("checkpoint: %s, size %d, signed by its log, %d cosignatures", c.origin, c.size, cosignatures), nil
}
