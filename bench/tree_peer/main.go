// The peer of bench/tree.c: golang.org/x/mod/sumdb/tlog, as Go's checksum database is made with.
//
// For each byte that comes on standard input: all hashes of 1,000,000 records of 90 bytes, stored as that package stores
// them, and the root of them, which goes to standard output.  The records are made before.
package main

import (
	"encoding/binary"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

const records, recordBytes = 1000000, 90

type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = m[x]
	}
	return out, nil
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func root(all []byte) tlog.Hash {
	stored := make(memory, 0, 2*records+64)
	for i := int64(0); i < records; i++ {
		hashes, err := tlog.StoredHashes(i, all[i*recordBytes:(i+1)*recordBytes], stored)
		must(err)
		stored = append(stored, hashes...)
	}
	hash, err := tlog.TreeHash(records, stored)
	must(err)
	return hash
}

func main() {
	all := make([]byte, records*recordBytes)
	for i := range all {
		all[i] = 'r'
	}
	for i := 0; i < records; i++ {
		binary.LittleEndian.PutUint32(all[i*recordBytes:], uint32(i))
	}
	for asked := []byte{0}; ; {
		if n, err := os.Stdin.Read(asked); n == 0 || err != nil {
			return
		}
		hash := root(all)
		_, err := os.Stdout.Write(hash[:])
		must(err)
	}
}
