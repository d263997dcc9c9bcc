// Judge asks golang.org/x/mod, which knows nothing of us, whether it accepts what we claim.
//
// It reads a JSON list of claims and writes a JSON list of verdicts: empty where it accepts, else why it does not.
package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Claim is one thing to judge; what it needs depends on Kind. Hashes and leaves are in base64.
type Claim struct {
	Kind    string
	Key     string   // note: a verifier key
	Note    string   // note: the signed note
	Text    string   // note: the text that the note is said to sign
	Path    string   // tile: its path below /tile/
	Level   int      // tile
	Leaves  []string // tree
	Leaf    string   // record: the hash of a leaf
	Index   int64    // record, tile
	Size    int64    // record, consistency, tree
	Root    string   // record, consistency, tree
	Old     int64    // consistency: the earlier size
	OldRoot string   // consistency
	Proof   []string // record, consistency
	Width   int      // tile
}

func main() {
	var claims []Claim
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&claims); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	verdicts := make([]string, len(claims))
	for i, claim := range claims {
		if err := judge(claim); err != nil {
			verdicts[i] = err.Error()
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		os.Exit(1)
	}
}

func judge(claim Claim) error {
	switch claim.Kind {
	case "note":
		return judgeNote(claim)
	case "tile":
		return judgeTile(claim)
	case "tree":
		return judgeTree(claim)
	}
	root, err := tlog.ParseHash(claim.Root)
	if err != nil {
		return err
	}
	var proof []tlog.Hash
	for _, one := range claim.Proof {
		hash, err := tlog.ParseHash(one)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	switch claim.Kind {
	case "record":
		leaf, err := tlog.ParseHash(claim.Leaf)
		if err != nil {
			return err
		}
		return tlog.CheckRecord(proof, claim.Size, root, claim.Index, leaf)
	case "consistency":
		old, err := tlog.ParseHash(claim.OldRoot)
		if err != nil {
			return err
		}
		return tlog.CheckTree(proof, claim.Size, root, claim.Old, old)
	}
	return fmt.Errorf("nobody judges a %q", claim.Kind)
}

func judgeNote(claim Claim) error {
	verifier, err := note.NewVerifier(claim.Key)
	if err != nil {
		return err
	}
	opened, err := note.Open([]byte(claim.Note), note.VerifierList(verifier))
	if err != nil {
		return err
	}
	if opened.Text != claim.Text {
		return errors.New("the note signs another text")
	}
	return nil
}

// judgeTile knows tiles by the paths of Go's own log, which name a height as well.
func judgeTile(claim Claim) error {
	tile, err := tlog.ParseTilePath("tile/8/" + claim.Path)
	if err != nil {
		return err
	}
	if tile != (tlog.Tile{H: 8, L: claim.Level, N: claim.Index, W: claim.Width}) {
		return fmt.Errorf("the path is that of %+v", tile)
	}
	return nil
}

// judgeTree builds the tree on its own.
func judgeTree(claim Claim) error {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	for index, leaf := range claim.Leaves {
		data, err := base64.StdEncoding.DecodeString(leaf)
		if err != nil {
			return err
		}
		hashes, err := tlog.StoredHashes(int64(index), data, reader)
		if err != nil {
			return err
		}
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(int64(len(claim.Leaves)), reader)
	if err != nil {
		return err
	}
	if root.String() != claim.Root || int64(len(claim.Leaves)) != claim.Size {
		return fmt.Errorf("%d leaves have the root %v", len(claim.Leaves), root)
	}
	return nil
}
