// Verifies a record that `parley record export PARTY DIR` wrote, with x/mod/sumdb and nothing of parley:
//
//	record DIR
//	record make SIZE DIR      writes such a record, of made-up entries, for parley to verify
//
// DIR holds
//
//	checkpoint                a signed note: the log's signature, cosignatures
//	vkeys                     a verifier key a line: of logs (type 1) and of mirrors (type 4)
//	tile/<L>/<N>[.p/<W>]      hashes
//	tile/entries/<N>[.p/<W>]  entries
//	blobs/<sha256>            what entries name, less what was erased
//
// and may hold `proofs`, `*.tlog-proof` and `equivocation`, which are then verified, too.  Every entry's inclusion is
// proved and checked.  Exit status: 0 all holds; 1 something does not, and standard error says what; 2 wrong usage.
package main

import (
	"fmt"
	"os"
	"strconv"
)

// A record, as far as it is read.
type record struct {
	dir        string
	logs       []logKey
	cosigners  []cosigner
	checkpoint checkpoint
	entries    [][]byte
	tree       tree
}

// What is verified in turn; each gives a line of the summary.
var steps = []func(*record) (string, error){
	readKeys,
	openCheckpoint,
	readEntries,
	checkTiles,
	checkRoot,
	proveEntries,
	checkBlobs,
	checkProofs,
	checkProofFiles,
	checkEquivocation,
}

func makeBySize(words []string) error {
	size, err := strconv.Atoi(words[0])
	if err != nil || size < 1 {
		return fmt.Errorf("expected a number of entries, found %q", words[0])
	}
	return makeRecord(size, words[1])
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "make" {
		if err := makeBySize(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "record:", err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: record [make SIZE] DIR")
		os.Exit(2)
	}
	r := &record{dir: os.Args[1]}
	for _, step := range steps {
		said, err := step(r)
		if err != nil {
			fmt.Fprintln(os.Stderr, "record:", err)
			os.Exit(1)
		}
		if said != "" {
			fmt.Println(said)
		}
	}
}
