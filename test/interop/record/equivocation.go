package main

import (
	"errors"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// widths are the numbers of leaves of the complete subtrees that [from, to) falls into.
func widths(from, to int64) (out []int64) {
	for from < to {
		width := int64(1) << uint(bits.Len64(uint64(to-from))-1)
		if from != 0 && from&-from < width {
			width = from & -from
		}
		out = append(out, width)
		from += width
	}
	return out
}

// rootOf is the root over consecutive complete subtrees: the definition of RFC 6962, whose splits fall between them or
// inside none.
func rootOf(widths []int64, hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	total := int64(0)
	for _, w := range widths {
		total += w
	}
	k, left, i := int64(1), int64(0), 0
	for k*2 < total {
		k *= 2
	}
	for left < k {
		left += widths[i]
		i++
	}
	return tlog.NodeHash(rootOf(widths[:i], hashes[:i]), rootOf(widths[i:], hashes[i:]))
}

// checkpointsOf are the two notes: lines, an empty line, lines; an empty line between them.
func (r *record) checkpointsOf(text string) (smaller, larger checkpoint, err error) {
	parts := strings.Split(text, "\n\n")
	if len(parts) != 4 {
		return smaller, larger, errors.New("not two checkpoints")
	}
	if smaller, _, err = r.openNote([]byte(parts[0] + "\n\n" + parts[1] + "\n")); err != nil {
		return smaller, larger, err
	}
	larger, _, err = r.openNote([]byte(parts[2] + "\n\n" + parts[3]))
	if err == nil && (smaller.origin != larger.origin || smaller.size > larger.size) {
		err = errors.New("the checkpoints can't be compared")
	}
	return smaller, larger, err
}

func (r *record) proveEquivocation(text string) (string, error) {
	const kind = "parley equivocation v1\n"
	if !strings.HasPrefix(text, kind) {
		return "", errors.New("of another kind")
	}
	hashes, rest, err := hashBlock(strings.TrimPrefix(text, kind))
	if err != nil {
		return "", err
	}
	smaller, larger, err := r.checkpointsOf(rest)
	if err != nil {
		return "", err
	}
	var below, all []int64
	if smaller.size < larger.size {
		below = widths(0, smaller.size)
		all = append(append(all, below...), widths(smaller.size, larger.size)...)
	}
	if len(hashes) != len(all) {
		return "", fmt.Errorf("%d hashes, expected %d", len(hashes), len(all))
	}
	other := larger.root // at equal sizes
	if len(all) > 0 {
		if rootOf(all, hashes) != larger.root {
			return "", errors.New("the hashes don't rebuild the larger root")
		}
		if other, err = r.tree.root(0); err != nil {
			return "", err
		}
		if len(below) > 0 {
			other = rootOf(below, hashes[:len(below)])
		}
	}
	if other == smaller.root {
		return "", errors.New("the checkpoints agree")
	}
	return fmt.Sprintf("equivocation: proved between sizes %d and %d", smaller.size, larger.size), nil
}

func checkEquivocation(r *record) (string, error) {
	text, err := os.ReadFile(filepath.Join(r.dir, "equivocation"))
	if os.IsNotExist(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	said, err := r.proveEquivocation(string(text))
	if err != nil {
		err = fmt.Errorf("equivocation: %v", err)
	}
	return said, err
}
