package pool

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// rangeSign stands between the ends of a range.
const rangeSign = ".."

// ParseCounts reads a number such as "64", for which below is 0, or a range such as "64..256", from
// which [Draw] draws. 0 means 1.
func ParseCounts(text string) (from, below int, err error) {
	first, second, isRange := strings.Cut(text, rangeSign)
	if from, err = parseCount(first); err == nil && isRange {
		below, err = parseCount(second)
	}
	switch {
	case err != nil:
		return 0, 0, fmt.Errorf("%q: %w", text, err)
	case isRange && below <= from:
		return 0, 0, fmt.Errorf("%q has no numbers in it: the second must be larger than the first, as in \"64..256\"", text)
	}
	if from = max(from, 1); below <= from+1 {
		below = 0 // there is only one
	}
	return from, below, nil
}

func parseCount(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("write a number such as 64, or a range such as 64..256")
	}
	return int(n), nil
}

// ParseTimes reads a time such as "500ms", for which below is 0, or a range such as "100..500ms".
// Numbers without a unit are seconds; in a range, the first may have the unit of the second.
func ParseTimes(text string) (from, below time.Duration, err error) {
	first, second, isRange := strings.Cut(text, rangeSign)
	if !isRange {
		from, err = parseTime(text, "s")
		return from, 0, wrapTime(text, err)
	}
	unit := strings.TrimLeft(second, "0123456789.")
	if unit == "" {
		unit = "s"
		if strings.Trim(first, "0123456789.") != "" {
			return 0, 0, fmt.Errorf("%q: write the unit after the second number, as in \"100..500ms\"", text)
		}
	}
	if strings.ContainsAny(unit, "0123456789") { // as in 1m30s: the first cannot have a part of that
		unit = "s"
	}
	if from, err = parseTime(first, unit); err == nil {
		below, err = parseTime(second, "s")
	}
	switch {
	case err != nil:
		return 0, 0, wrapTime(text, err)
	case below <= from:
		return 0, 0, fmt.Errorf("%q has no times in it: the second must be longer than the first, as in \"100..500ms\"", text)
	case from == 0:
		return 0, 0, fmt.Errorf("%q begins with 0, which means the default: write at least 1ns", text)
	}
	return from, below, nil
}

func wrapTime(text string, err error) error {
	if err != nil {
		err = fmt.Errorf("%q: %w", text, err)
	}
	return err
}

// parseTime reads one time. A number alone has the unit.
func parseTime(s, unit string) (time.Duration, error) {
	if s != "" && strings.Trim(s, "0123456789.") == "" {
		s += unit
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d == math.MaxInt64 {
		return 0, fmt.Errorf("write a time such as 500ms or 30, which is in seconds, or a range such as 100..500ms")
	}
	return d, nil
}
