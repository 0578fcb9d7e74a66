package wording

import (
	"strconv"
	"strings"
)

// MaxQuoted is how many bytes of its input a message quotes.
const MaxQuoted = 80

// Quote quotes text for a message and keeps it short.
func Quote(text string) string {
	if len(text) > MaxQuoted {
		return strconv.Quote(strings.ToValidUTF8(text[:MaxQuoted], "")) + "..."
	}
	return strconv.Quote(text)
}
