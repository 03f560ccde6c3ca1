package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const madeProofs = 200

// A record that is made here, by x/mod alone, for parley to verify.
type made struct {
	dir     string
	origin  string
	entries [][]byte
	tree    tree
	root    tlog.Hash
	vkeys   string
	signed  []byte
}

func (m *made) put(name string, content []byte) error {
	path := filepath.Join(m.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}

func (m *made) addEntries(size int) error {
	for i := 0; i < size; i++ {
		entry := fmt.Sprintf("parley entry v1\ntime 2026-03-01T12:00:00Z\nseen %d %s\n", i, tlog.RecordHash([]byte{byte(i)}))
		hashes, err := tlog.StoredHashes(int64(i), []byte(entry), m.tree)
		if err != nil {
			return err
		}
		m.entries = append(m.entries, []byte(entry))
		m.tree = append(m.tree, hashes...)
	}
	var err error
	m.root, err = m.tree.root(int64(size))
	return err
}

func (m *made) writeTiles() error {
	size := int64(len(m.entries))
	for _, t := range tilesAt(-1, size) {
		var bundle bytes.Buffer
		for _, entry := range m.entries[t.N*tileWidth : t.N*tileWidth+int64(t.W)] {
			_ = binary.Write(&bundle, binary.BigEndian, uint16(len(entry)))
			bundle.Write(entry)
		}
		if err := m.put(specPath(t), bundle.Bytes()); err != nil {
			return err
		}
	}
	for level := 0; size>>uint(tileHeight*level) > 0; level++ {
		for _, t := range tilesAt(level, size) {
			data, err := tlog.ReadTileData(t, m.tree)
			if err == nil {
				err = m.put(specPath(t), data)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// cosign gives the key of a mirror that is made for it, and its line under a checkpoint.
func cosign(name, text string) (vkey, line string, err error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", "", err
	}
	typed := append([]byte{typeCosignature}, public...)
	id := sha256.Sum256([]byte(name + "\n" + string(typed)))
	const seconds = 1772370000
	raw := binary.BigEndian.AppendUint64(append([]byte{}, id[:4]...), seconds)
	raw = append(raw, ed25519.Sign(private, []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)))...)
	vkey = fmt.Sprintf("%s+%08x+%s", name, binary.BigEndian.Uint32(id[:]), base64.StdEncoding.EncodeToString(typed))
	return vkey, fmt.Sprintf("— %s %s\n", name, base64.StdEncoding.EncodeToString(raw)), nil
}

func (m *made) sign() error {
	secret, vkey, err := note.GenerateKey(rand.Reader, m.origin)
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n%d\n%v\n", m.origin, len(m.entries), m.root)
	whole, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return err
	}
	mirror, line, err := cosign("b.example/mirror", text)
	if err != nil {
		return err
	}
	m.signed = append(whole, line...)
	m.vkeys = vkey + "\n" + mirror + "\n"
	if err := m.put("vkeys", []byte(m.vkeys)); err != nil {
		return err
	}
	return m.put("checkpoint", m.signed)
}

func proofLine(start, end, size int64, hashes []tlog.Hash) string {
	line := fmt.Sprintf("%d %d %d", start, end, size)
	for _, h := range hashes {
		line += " " + h.String()
	}
	return line + "\n"
}

// prove writes proofs of inclusion and of consistency, spread over the record, as `proofs` has them.
func (m *made) prove() error {
	var out strings.Builder
	all := int64(len(m.entries))
	for i := int64(0); i < madeProofs && i < all; i++ {
		size := 1 + (i*7919+all-1)%all
		at := i * 104729 % size
		record, err := tlog.ProveRecord(size, at, m.tree)
		if err != nil {
			return err
		}
		out.WriteString(proofLine(at, at+1, size, record))
		grown, err := tlog.ProveTree(size, at+1, m.tree)
		if err != nil {
			return err
		}
		out.WriteString(proofLine(0, at+1, size, grown))
	}
	return m.put("proofs", []byte(out.String()))
}

func (m *made) proveOne() error {
	size := int64(len(m.entries))
	at := size * 2 / 3
	proof, err := tlog.ProveRecord(size, at, m.tree)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("c2sp.org/tlog-proof@v1\nextra %s\nindex %d\n",
		base64.StdEncoding.EncodeToString(m.entries[at]), at)
	for _, h := range proof {
		text += h.String() + "\n"
	}
	return m.put("entry.tlog-proof", append([]byte(text+"\n"), m.signed...))
}

// makeRecord writes a record of made-up entries, and proofs about it, into a folder.
func makeRecord(size int, dir string) error {
	m := &made{dir: dir, origin: "parley/00fe"}
	for _, step := range []func() error{
		func() error { return m.addEntries(size) }, m.writeTiles, m.sign, m.prove, m.proveOne,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
