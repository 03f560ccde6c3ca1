package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// blobLine is `blob <sha256> <bytes>` of an entry.
type blobLine struct {
	name string
	size int64
}

func blobLines(entry []byte) (lines []blobLine) {
	text := string(entry)
	if !strings.HasPrefix(text, "parley entry v1\n") {
		return nil
	}
	for _, line := range strings.Split(text, "\n") {
		words := strings.Split(line, " ")
		if len(words) != 3 || words[0] != "blob" {
			continue
		}
		if size, err := strconv.ParseInt(words[2], 10, 64); err == nil {
			lines = append(lines, blobLine{words[1], size})
		}
	}
	return lines
}

// checkBlobs holds each blob against its name and against the lines of the entries that name it.
func checkBlobs(r *record) (string, error) {
	paths, err := r.listFiles("blobs")
	if err != nil {
		return "", err
	}
	sizes := map[string]int64{}
	for _, path := range paths {
		content, err := os.ReadFile(filepath.Join(r.dir, path))
		if err != nil {
			return "", err
		}
		name := strings.TrimPrefix(path, "blobs/")
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != name {
			return "", fmt.Errorf("%s: its SHA-256 is another", path)
		}
		sizes[name] = int64(len(content))
	}
	named, absent := map[string]bool{}, map[string]bool{}
	for i, entry := range r.entries {
		for _, line := range blobLines(entry) {
			size, present := sizes[line.name]
			if present && size != line.size {
				return "", fmt.Errorf("entry %d: blob %s has %d bytes, its line says %d", i, line.name, size, line.size)
			}
			if present {
				named[line.name] = true
			} else {
				absent[line.name] = true
			}
		}
	}
	return fmt.Sprintf("blobs: %d named by entries, %d absent, %d that no entry names", len(named), len(absent),
		len(sizes)-len(named)), nil
}
