package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

func parseHashes(words []string) (hashes []tlog.Hash, err error) {
	for _, word := range words {
		h, err := tlog.ParseHash(word)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, h)
	}
	return hashes, nil
}

// verifySubtree checks a subtree consistency proof by the iterative procedure that draft-ietf-plants-merkle-tree-certs
// states beside the recursive definition: fn and sn are the first and the last leaf of the subtree, tn the last leaf of
// the tree, all three walking up; fr and sr the hashes of the subtree and of the tree as they grow.
func verifySubtree(start, end, size int64, p []tlog.Hash, subtree, root tlog.Hash) error {
	fn, sn, tn := start, end-1, size-1
	if sn == tn {
		for fn != sn {
			fn, sn, tn = fn>>1, sn>>1, tn>>1
		}
	} else {
		for fn != sn && sn&1 == 1 {
			fn, sn, tn = fn>>1, sn>>1, tn>>1
		}
	}
	fr, sr := subtree, subtree
	if fn != sn {
		if len(p) == 0 {
			return errors.New("no hashes")
		}
		fr, sr, p = p[0], p[0], p[1:]
	}
	for _, h := range p {
		if tn == 0 {
			return errors.New("too many hashes")
		}
		if sn&1 == 1 || sn == tn {
			if fn < sn {
				fr = tlog.NodeHash(h, fr)
			}
			sr = tlog.NodeHash(h, sr)
			for sn&1 == 0 {
				fn, sn, tn = fn>>1, sn>>1, tn>>1
			}
		} else {
			sr = tlog.NodeHash(sr, h)
		}
		fn, sn, tn = fn>>1, sn>>1, tn>>1
	}
	if tn != 0 || fr != subtree || sr != root {
		return errors.New("does not verify")
	}
	return nil
}

// verifyByModule checks what x/mod knows: inclusion and consistency, which must be the very hashes it makes itself.
func (r *record) verifyByModule(start, end, size int64, p []tlog.Hash, subtree, root tlog.Hash) error {
	if end == start+1 {
		if err := tlog.CheckRecord(p, size, root, start, subtree); err != nil {
			return err
		}
	}
	if start != 0 {
		return nil
	}
	if err := tlog.CheckTree(p, size, root, end, subtree); err != nil {
		return err
	}
	made, err := tlog.ProveTree(size, end, r.tree)
	if err == nil && fmt.Sprint([]tlog.Hash(made)) != fmt.Sprint(p) {
		err = errors.New("x/mod makes another proof")
	}
	return err
}

func (r *record) checkProof(line string) error {
	var bounds [3]int64
	words := strings.Split(line, " ")
	if len(words) < 3 {
		return errors.New("expected start, end and size")
	}
	for i := range bounds {
		n, err := strconv.ParseInt(words[i], 10, 64)
		if err != nil {
			return err
		}
		bounds[i] = n
	}
	start, end, size := bounds[0], bounds[1], bounds[2]
	if start < 0 || end <= start || size < end || size > r.checkpoint.size {
		return errors.New("no such subtree")
	}
	p, err := parseHashes(words[3:])
	if err != nil {
		return err
	}
	root, err := r.tree.root(size)
	if err != nil {
		return err
	}
	subtree := r.tree.mth(start, end)
	if err := verifySubtree(start, end, size, p, subtree, root); err != nil {
		return err
	}
	return r.verifyByModule(start, end, size, p, subtree, root)
}

// checkProofs verifies a file of proofs, where there is one: a line each, of start, end, size and hashes.
func checkProofs(r *record) (string, error) {
	text, err := os.ReadFile(filepath.Join(r.dir, "proofs"))
	if os.IsNotExist(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i, line := range lines {
		if err := r.checkProof(line); err != nil {
			return "", fmt.Errorf("proofs, line %d: %v", i+1, err)
		}
	}
	return fmt.Sprintf("subtree proofs: %d", len(lines)), nil
}

// hashBlock takes lines up to an empty one off the front.
func hashBlock(text string) (hashes []tlog.Hash, rest string, err error) {
	for {
		i := strings.IndexByte(text, '\n')
		if i < 0 {
			return nil, "", errors.New("expected an empty line after the hashes")
		}
		line := text[:i]
		text = text[i+1:]
		if line == "" {
			return hashes, text, nil
		}
		h, err := tlog.ParseHash(line)
		if err != nil {
			return nil, "", err
		}
		hashes = append(hashes, h)
	}
}

func (r *record) checkProofFile(text string) error {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("not of the form c2sp.org/tlog-proof@v1")
	}
	at := 1
	if strings.HasPrefix(lines[1], "extra ") {
		at = 2
	}
	if !strings.HasPrefix(lines[at], "index ") {
		return errors.New("no index")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[at], "index "), 10, 64)
	if err != nil || index < 0 || index >= int64(len(r.entries)) {
		return errors.New("the index is of no entry")
	}
	p, whole, err := hashBlock(strings.Join(lines[at+1:], "\n"))
	if err != nil {
		return err
	}
	c, _, err := r.openNote([]byte(whole))
	if err != nil {
		return err
	}
	return tlog.CheckRecord(p, c.size, c.root, index, tlog.RecordHash(r.entries[index]))
}

func checkProofFiles(r *record) (string, error) {
	paths, err := filepath.Glob(filepath.Join(r.dir, "*.tlog-proof"))
	if err != nil || len(paths) == 0 {
		return "", err
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err == nil {
			err = r.checkProofFile(string(text))
		}
		if err != nil {
			return "", fmt.Errorf("%s: %v", filepath.Base(path), err)
		}
	}
	return fmt.Sprintf("proof files: %d", len(paths)), nil
}
