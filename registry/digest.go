package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// Digest is the SHA-256 digest of some content. The zero Digest means unknown.
type Digest struct {
	sum [sha256.Size]byte
}

const digestPrefix = "sha256:"

// ParseDigest reads sha256: followed by 64 lower-case hexadecimal digits. The error
// is an [*Error].
func ParseDigest(text string) (Digest, error) {
	digits, ok := strings.CutPrefix(text, digestPrefix)
	fault := &Error{Source: wording.Quote(text), Key: "digest", Reason: "is not a digest", Err: ErrInvalid,
		Fix: `write "sha256:" and 64 lower-case hexadecimal digits, as sha256sum prints them`}
	var d Digest
	switch {
	case !ok && isHex(text):
		fault.Reason, fault.Fix = "lacks the name of its algorithm", "write "+wording.Quote(digestPrefix+text)
	case !ok:
		fault.Reason = `does not start with "sha256:"`
	case isHex(digits):
		hex.Decode(d.sum[:], []byte(digits)) // cannot fail
		if d != (Digest{}) {
			return d, nil
		}
		fault.Reason, fault.Fix = "is the digest of nothing", "write that of the file, as sha256sum prints it"
	case isHex(strings.ToLower(digits)):
		fault.Reason, fault.Fix = "has upper-case digits", "write "+wording.Quote(digestPrefix+strings.ToLower(digits))
	}
	return Digest{}, fault
}

// isHex reports whether text is the digits of a digest.
func isHex(text string) bool {
	return len(text) == hex.EncodedLen(sha256.Size) && strings.Trim(text, "0123456789abcdef") == ""
}

// DigestOf returns the digest of data.
func DigestOf(data []byte) Digest { return Digest{sha256.Sum256(data)} }

// IsZero reports whether the digest is unknown.
func (d Digest) IsZero() bool { return d == Digest{} }

// String returns the digest as manifests have it.
func (d Digest) String() string { return digestPrefix + hex.EncodeToString(d.sum[:]) }
