// A witness and a client of witnesses (c2sp.org/tlog-witness) that share nothing with parley, by x/mod/sumdb:
//
//	witness serve ADDRESS NAME LOG-VKEY…   prints its vkey, then cosigns what follows from what it cosigned last
//	witness client URL VKEY                makes a log, prints its vkey, waits for a line on standard input, and has the
//	                                       witness of that key cosign it: what it must take and what it must refuse
//
// Exit status: 0 done; 1 not as it should be.
package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const cosignature = 0x04

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// ---- cosignatures, as c2sp.org/tlog-cosignature has them

func keyHash(name string, key ed25519.PublicKey) uint32 {
	h := sha256.Sum256(append([]byte(name+"\n"), append([]byte{cosignature}, key...)...))
	return binary.BigEndian.Uint32(h[:])
}

func vkey(name string, key ed25519.PublicKey) string {
	return fmt.Sprintf("%s+%08x+%s", name, keyHash(name, key),
		base64.StdEncoding.EncodeToString(append([]byte{cosignature}, key...)))
}

func message(stamp uint64, text string) []byte {
	return []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", stamp, text))
}

func cosign(name string, key ed25519.PrivateKey, stamp uint64, text string) string {
	raw := binary.BigEndian.AppendUint32(nil, keyHash(name, key.Public().(ed25519.PublicKey)))
	raw = binary.BigEndian.AppendUint64(raw, stamp)
	raw = append(raw, ed25519.Sign(key, message(stamp, text))...)
	return fmt.Sprintf("— %s %s\n", name, base64.StdEncoding.EncodeToString(raw))
}

func verifyCosignature(vkey, line, text string) error {
	parts := strings.SplitN(vkey, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 33 || key[0] != cosignature {
		return errors.New("no key that cosigns")
	}
	words := strings.Split(strings.TrimSuffix(line, "\n"), " ")
	if len(words) != 3 || words[0] != "—" || words[1] != parts[0] {
		return fmt.Errorf("another line: %q", line)
	}
	raw, err := base64.StdEncoding.DecodeString(words[2])
	if err != nil || len(raw) != 4+8+64 || binary.BigEndian.Uint32(raw) != keyHash(parts[0], key[1:]) {
		return errors.New("another form of signature")
	}
	if !ed25519.Verify(key[1:], message(binary.BigEndian.Uint64(raw[4:]), text), raw[12:]) {
		return errors.New("the cosignature does not hold")
	}
	return nil
}

// ---- checkpoints

type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

func readCheckpoint(text string) (c checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return c, errors.New("no checkpoint")
	}
	c.origin = lines[0]
	if c.size, err = strconv.ParseInt(lines[1], 10, 64); err == nil {
		c.root, err = tlog.ParseHash(lines[2])
	}
	return c, err
}

// ---- the witness

type witness struct {
	lock sync.Mutex
	name string
	key  ed25519.PrivateKey
	logs []note.Verifier
	seen map[string]checkpoint
}

func (w *witness) add(body []byte) (int, string) {
	head, signed, found := strings.Cut(string(body), "\n\n")
	if !found {
		return 400, "no empty line"
	}
	lines := strings.Split(head, "\n")
	old, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
	if err != nil || !strings.HasPrefix(lines[0], "old ") {
		return 400, "no old size"
	}
	var proof tlog.TreeProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return 400, "no hash"
		}
		proof = append(proof, hash)
	}
	n, err := note.Open([]byte(signed), note.VerifierList(w.logs...))
	if err != nil {
		return 403, err.Error()
	}
	c, err := readCheckpoint(n.Text)
	if err != nil || old > c.size {
		return 400, "no checkpoint, or smaller"
	}
	w.lock.Lock()
	defer w.lock.Unlock()
	seen := w.seen[c.origin]
	if old != seen.size {
		return 409, fmt.Sprintf("%d\n", seen.size)
	}
	if old != 0 && tlog.CheckTree(proof, c.size, c.root, seen.size, seen.root) != nil {
		return 422, "does not follow"
	}
	w.seen[c.origin] = c
	return 200, cosign(w.name, w.key, uint64(time.Now().Unix()), n.Text)
}

func (w *witness) ServeHTTP(out http.ResponseWriter, q *http.Request) {
	if q.Method != "POST" || q.URL.Path != "/add-checkpoint" {
		http.NotFound(out, q) // what it serves beside that is its own affair
		return
	}
	body, err := io.ReadAll(io.LimitReader(q.Body, 1<<20))
	must(err)
	status, words := w.add(body)
	if status == 409 {
		out.Header().Set("Content-Type", "text/x.tlog.size")
	}
	out.WriteHeader(status)
	io.WriteString(out, words)
}

func serve(address, name string, vkeys []string) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	must(err)
	w := &witness{name: name, key: private, seen: map[string]checkpoint{}}
	for _, v := range vkeys {
		verifier, err := note.NewVerifier(v)
		must(err)
		w.logs = append(w.logs, verifier)
	}
	listener, err := net.Listen("tcp", address)
	must(err)
	fmt.Println(vkey(name, public))
	fmt.Println("listens")
	must(http.Serve(listener, w))
}

// ---- the client

type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = m[x]
	}
	return out, nil
}

func makeLog(size int64, salt string) (stored memory) {
	for i := int64(0); i < size; i++ {
		hashes, err := tlog.StoredHashes(i, []byte(fmt.Sprintf("%s %d", salt, i)), stored)
		must(err)
		stored = append(stored, hashes...)
	}
	return stored
}

type client struct {
	url, witness string
	signer       note.Signer
}

func (c *client) signed(stored memory, size int64) (whole []byte, text string) {
	root, err := tlog.TreeHash(size, stored)
	must(err)
	text = fmt.Sprintf("%s\n%d\n%s\n", c.signer.Name(), size, root)
	whole, err = note.Sign(&note.Note{Text: text}, c.signer)
	must(err)
	return whole, text
}

// ask submits a size of a log after another, and holds the status against the one that is due.
func (c *client) ask(stored memory, old, size int64, due int) {
	var body bytes.Buffer
	whole, text := c.signed(stored, size)
	fmt.Fprintf(&body, "old %d\n", old)
	if old > 0 && old < size {
		proof, err := tlog.ProveTree(size, old, stored)
		must(err)
		for _, hash := range proof {
			fmt.Fprintln(&body, hash)
		}
	}
	fmt.Fprintf(&body, "\n%s", whole)
	answer, err := http.Post(c.url+"/add-checkpoint", "text/plain", &body)
	must(err)
	words, err := io.ReadAll(answer.Body)
	must(err)
	if answer.StatusCode != due {
		must(fmt.Errorf("from %d to %d: %d, not %d: %s", old, size, answer.StatusCode, due, words))
	}
	if due == 200 {
		must(verifyCosignature(c.witness, string(words), text))
	}
}

func submit(url, vkey string) {
	private, public, err := note.GenerateKey(rand.Reader, "log.example/go")
	must(err)
	signer, err := note.NewSigner(private)
	must(err)
	fmt.Println(public)
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil && err != io.EOF {
		must(err)
	}
	c := &client{url, vkey, signer}
	stored, other := makeLog(1000, "entry"), makeLog(1000, "another entry")
	sizes := []int64{0, 1, 2, 3, 5, 8, 255, 256, 257, 700, 1000}
	for i := 1; i < len(sizes); i++ {
		c.ask(stored, sizes[i-1], sizes[i], 200)
		c.ask(stored, sizes[i], sizes[i], 200)
		c.ask(stored, sizes[i-1], sizes[i], 409)
	}
	c.ask(other, 1000, 1000, 422)
	c.ask(stored, 1000, 700, 400)
}

func main() {
	switch {
	case len(os.Args) >= 4 && os.Args[1] == "serve":
		serve(os.Args[2], os.Args[3], os.Args[4:])
	case len(os.Args) == 4 && os.Args[1] == "client":
		submit(os.Args[2], os.Args[3])
	default:
		fmt.Fprintln(os.Stderr, "usage: witness serve ADDRESS NAME LOG-VKEY… | client URL VKEY")
		os.Exit(1)
	}
}
