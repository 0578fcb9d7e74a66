package link

import "github.com/spinhost/spin/engine/internal/limits"

// room checks that there may be another instance beside some: a small file can instantiate
// its nested components exponentially often.
func (l *linker) room(some, offset int, path string) error {
	if some < l.limits.Instances {
		return nil
	}
	return &limits.Error{Limit: "Instances", Value: uint64(some + 1), Max: uint64(l.limits.Instances), Offset: offset, Path: path}
}

// checkSums adds up what all core instances together begin with. Each addition is of less
// than 2^63 to less than 2^63.
func (l *linker) checkSums() error {
	var memories, tables, elements uint64
	for i := range l.p.Instances {
		m := l.p.Modules[l.p.Instances[i].Module]
		memories += uint64(len(m.Info.Memories))
		tables += uint64(len(m.Info.Tables))
		for _, t := range m.Info.Tables {
			elements += min(t.Min, 1<<62)
			if elements > uint64(l.limits.TableElements) {
				return &limits.Error{Limit: "TableElements", Value: elements, Max: uint64(l.limits.TableElements), Offset: m.Offset}
			}
		}
		for _, s := range []struct {
			limit string
			n     uint64
			max   int
		}{{"Memories", memories, l.limits.Memories}, {"Tables", tables, l.limits.Tables}} {
			if s.n > uint64(s.max) {
				return &limits.Error{Limit: s.limit, Value: s.n, Max: uint64(s.max), Offset: m.Offset}
			}
		}
	}
	return nil
}
