package filesystem

import (
	"math"
	"time"

	"github.com/spinhost/spin/engine/abi"
	p2clocks "github.com/spinhost/spin/hostapi/wasi/p2/clocks"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	"github.com/spinhost/spin/internal/guestfs"
)

// stat2 returns what is known of a file as version 0.2 has it.
func stat2(s guestfs.Stat, err error) (p2fs.DescriptorStat, error) {
	if err != nil {
		return p2fs.DescriptorStat{}, error2(err)
	}
	return p2fs.DescriptorStat{
		Type: type2(s.Type), LinkCount: s.Links, Size: s.Size,
		DataAccessTimestamp:       datetime(s.Accessed),
		DataModificationTimestamp: datetime(s.Modified),
		StatusChangeTimestamp:     datetime(s.Changed),
	}, nil
}

// datetime returns a time, none if it is not known or before 1970.
func datetime(t time.Time) (o abi.Option[p2clocks.Datetime]) {
	if t.Unix() < 0 {
		return o
	}
	return abi.Some(p2clocks.Datetime{Seconds: uint64(t.Unix()), Nanoseconds: uint32(t.Nanosecond())})
}

// time2 returns the time that a guest wants to be set, zero for none.
func time2(t p2fs.NewTimestamp) (time.Time, error) {
	switch t.Case {
	case p2fs.NewTimestampCaseNoChange:
		return time.Time{}, nil
	case p2fs.NewTimestampCaseNow:
		return time.Now(), nil
	}
	d, _ := t.Timestamp()
	return timeOf(int64(min(d.Seconds, math.MaxInt64)), d.Nanoseconds)
}

func hash2(s guestfs.Stat, err error) (h p2fs.MetadataHashValue, _ error) {
	if err != nil {
		return h, error2(err)
	}
	h.Lower, h.Upper = s.Hash()
	return h, nil
}
