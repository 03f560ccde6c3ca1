// Verifies a record that `parley record export PARTY DIR` wrote, with x/mod/sumdb and nothing of parley:
//
//	record DIR
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

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: record DIR")
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
