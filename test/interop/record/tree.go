package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8
const tileWidth = 1 << tileHeight

// All hashes of a tree, in the order of x/mod's storage.
type tree []tlog.Hash

func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at < 0 || at >= int64(len(t)) {
			return nil, fmt.Errorf("no hash %d", at)
		}
		out[i] = t[at]
	}
	return out, nil
}

// root is the root at a size: x/mod calls that of the empty tree zero, RFC 6962 the hash of nothing.
func (t tree) root(size int64) (tlog.Hash, error) {
	if size == 0 {
		return tlog.Hash(sha256.Sum256(nil)), nil
	}
	return tlog.TreeHash(size, t)
}

// mth is the hash of the leaves [from, to) as a tree of their own, by the definition of the RFC.
func (t tree) mth(from, to int64) tlog.Hash {
	if to-from == 1 {
		return t[tlog.StoredHashIndex(0, from)]
	}
	k := int64(1)
	for k*2 < to-from {
		k *= 2
	}
	return tlog.NodeHash(t.mth(from, from+k), t.mth(from+k, to))
}

// specPath is the path of a tile as tlog-tiles has it, without the height that x/mod puts in.
func specPath(t tlog.Tile) string {
	path := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	if t.L == -1 {
		return "tile/entries/" + strings.TrimPrefix(path, "data/")
	}
	return "tile/" + path
}

// tilesAt lists the tiles of one level of a tree: full ones, and the partial one at the right edge.
func tilesAt(level int, size int64) (tiles []tlog.Tile) {
	hashes := size
	if level > 0 {
		hashes = size >> uint(tileHeight*level)
	}
	for n := int64(0); n*tileWidth < hashes; n++ {
		width := hashes - n*tileWidth
		if width > tileWidth {
			width = tileWidth
		}
		tiles = append(tiles, tlog.Tile{H: tileHeight, L: level, N: n, W: int(width)})
	}
	return tiles
}

func splitBundle(bundle []byte, width int) (entries [][]byte, err error) {
	for len(bundle) > 0 {
		if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
			return nil, fmt.Errorf("cut off in entry %d", len(entries))
		}
		size := 2 + int(binary.BigEndian.Uint16(bundle))
		entries = append(entries, bundle[2:size])
		bundle = bundle[size:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("%d entries, expected %d", len(entries), width)
	}
	return entries, nil
}

func readEntries(r *record) (string, error) {
	for _, t := range tilesAt(-1, r.checkpoint.size) {
		path := specPath(t)
		bundle, err := os.ReadFile(filepath.Join(r.dir, path))
		if err != nil {
			return "", err
		}
		entries, err := splitBundle(bundle, t.W)
		if err != nil {
			return "", fmt.Errorf("%s: %v", path, err)
		}
		r.entries = append(r.entries, entries...)
	}
	for i, entry := range r.entries {
		hashes, err := tlog.StoredHashes(int64(i), entry, r.tree)
		if err != nil {
			return "", err
		}
		r.tree = append(r.tree, hashes...)
	}
	return fmt.Sprintf("entries: %d", len(r.entries)), nil
}

// listFiles gives the paths of all files below a folder of the record, sorted; none where there is no such folder.
func (r *record) listFiles(folder string) (paths []string, err error) {
	root := filepath.Join(r.dir, folder)
	if _, err := os.Stat(root); os.IsNotExist(err) {
		return nil, nil
	}
	err = filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			path, err = filepath.Rel(r.dir, path)
			paths = append(paths, filepath.ToSlash(path))
		}
		return err
	})
	sort.Strings(paths)
	return paths, err
}

func checkTiles(r *record) (string, error) {
	expected := map[string]bool{}
	for _, t := range tilesAt(-1, r.checkpoint.size) {
		expected[specPath(t)] = true
	}
	count := 0
	for level := 0; r.checkpoint.size>>uint(tileHeight*level) > 0; level++ {
		for _, t := range tilesAt(level, r.checkpoint.size) {
			path := specPath(t)
			want, err := tlog.ReadTileData(t, r.tree)
			if err != nil {
				return "", err
			}
			got, err := os.ReadFile(filepath.Join(r.dir, path))
			if err != nil {
				return "", err
			}
			if !bytes.Equal(got, want) {
				return "", fmt.Errorf("%s: not the hashes of the entries", path)
			}
			expected[path] = true
			count++
		}
	}
	paths, err := r.listFiles("tile")
	if err != nil {
		return "", err
	}
	for _, path := range paths {
		if !expected[path] {
			return "", fmt.Errorf("%s: a tree of size %d has no such tile", path, r.checkpoint.size)
		}
	}
	return fmt.Sprintf("tiles: %d of hashes, as the entries give them", count), nil
}

func checkRoot(r *record) (string, error) {
	root, err := r.tree.root(r.checkpoint.size)
	if err != nil {
		return "", err
	}
	if root != r.checkpoint.root {
		return "", fmt.Errorf("checkpoint: the root is %v, that of the entries %v", r.checkpoint.root, root)
	}
	return fmt.Sprintf("root: %v", root), nil
}

func proveEntries(r *record) (string, error) {
	c := r.checkpoint
	for i, entry := range r.entries {
		p, err := tlog.ProveRecord(c.size, int64(i), r.tree)
		if err == nil {
			err = tlog.CheckRecord(p, c.size, c.root, int64(i), tlog.RecordHash(entry))
		}
		if err != nil {
			return "", fmt.Errorf("entry %d: %v", i, err)
		}
	}
	return fmt.Sprintf("inclusion: proved for %d entries", len(r.entries)), nil
}
