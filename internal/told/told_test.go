package told_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/spinhost/spin/internal/told"
)

func ExampleReasons() {
	var r told.Reasons
	for range 3 {
		if r.First("denied: tcp://db.example:5432") {
			fmt.Println("logged")
		}
	}
	// Output: logged
}

// A guest cannot fill a log with reasons that differ.
func TestReasonsAreBounded(t *testing.T) {
	var r told.Reasons
	n := 0
	for i := range 3 * told.Max {
		if r.First(strconv.Itoa(i)) {
			n++
		}
	}
	if n != told.Max {
		t.Errorf("%d reasons are told", n)
	}
}
