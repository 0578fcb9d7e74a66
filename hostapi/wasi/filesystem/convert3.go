package filesystem

import (
	"time"

	"github.com/spinhost/spin/engine/abi"
	p3clocks "github.com/spinhost/spin/hostapi/wasi/p3/clocks"
	p3fs "github.com/spinhost/spin/hostapi/wasi/p3/filesystem"
	"github.com/spinhost/spin/internal/guestfs"
)

// stat3 returns what is known of a file as version 0.3 has it.
func stat3(s guestfs.Stat, err error) (p3fs.DescriptorStat, error) {
	if err != nil {
		return p3fs.DescriptorStat{}, error3(err)
	}
	return p3fs.DescriptorStat{
		Type: type3(s.Type), LinkCount: s.Links, Size: s.Size,
		DataAccessTimestamp:       instant(s.Accessed),
		DataModificationTimestamp: instant(s.Modified),
		StatusChangeTimestamp:     instant(s.Changed),
	}, nil
}

// instant returns a time, none if it is not known.
func instant(t time.Time) (o abi.Option[p3clocks.Instant]) {
	if t.IsZero() {
		return o
	}
	return abi.Some(p3clocks.Instant{Seconds: t.Unix(), Nanoseconds: uint32(t.Nanosecond())})
}

// time3 returns the time that a guest wants to be set, zero for none.
func time3(t p3fs.NewTimestamp) (time.Time, error) {
	switch t.Case {
	case p3fs.NewTimestampCaseNoChange:
		return time.Time{}, nil
	case p3fs.NewTimestampCaseNow:
		return time.Now(), nil
	}
	i, _ := t.Timestamp()
	return timeOf(i.Seconds, i.Nanoseconds)
}

func hash3(s guestfs.Stat, err error) (h p3fs.MetadataHashValue, _ error) {
	if err != nil {
		return h, error3(err)
	}
	h.Lower, h.Upper = s.Hash()
	return h, nil
}
