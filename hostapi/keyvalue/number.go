package keyvalue

import (
	"encoding/binary"
	"math"
)

// add returns the sum of delta and a number as it is stored: 8 bytes, the least first, as Spin
// stores it too. Nothing stored is 0.
func add(stored []byte, exists bool, delta int64) (sum int64, bytes []byte, err error) {
	var n int64
	if exists {
		if len(stored) != 8 {
			return 0, nil, ErrNotNumber
		}
		n = int64(binary.LittleEndian.Uint64(stored))
	}
	if delta > 0 && n > math.MaxInt64-delta || delta < 0 && n < math.MinInt64-delta {
		return 0, nil, ErrOverflow
	}
	sum = n + delta
	return sum, binary.LittleEndian.AppendUint64(nil, uint64(sum)), nil
}
