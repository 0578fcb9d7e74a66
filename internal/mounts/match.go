package mounts

// states are the places in a pattern that are possible after some of the text. All
// are followed at once, so that the time is at most the product of both lengths.
type states struct {
	tokens []token
	list   []int
	has    []bool
}

func (s *states) clear() {
	for _, i := range s.list {
		s.has[i] = false
	}
	s.list = s.list[:0]
}

// stay adds a place.
func (s *states) stay(i int) {
	if !s.has[i] {
		s.has[i] = true
		s.list = append(s.list, i)
	}
}

// enter adds a place that was not there before, and those that can be had from it
// for nothing.
func (s *states) enter(i int) {
	for {
		s.stay(i)
		if i == len(s.tokens) || s.tokens[i].kind < anyText {
			return
		}
		i++
	}
}

// matches reports whether the pattern stands for the whole text. The steps taken
// are subtracted from budget; where it is exhausted, the answer is no. A pattern
// cannot be used by two goroutines at once.
func (p *pattern) matches(text string, budget *int) bool {
	if p.now == nil {
		n := len(p.tokens) + 1
		p.now = &states{tokens: p.tokens, has: make([]bool, n)}
		p.next = &states{tokens: p.tokens, has: make([]bool, n)}
	}
	now, next := p.now, p.next
	now.clear()
	next.clear()
	*budget--
	now.enter(0)
	for _, c := range text {
		if *budget -= len(now.list) + 1; *budget < 0 || len(now.list) == 0 {
			return false
		}
		for _, i := range now.list {
			if i == len(p.tokens) {
				continue
			}
			switch t := &p.tokens[i]; {
			case t.kind == anyText:
				next.enter(i)
			case t.kind == folders:
				next.stay(i)
				if c == '/' {
					next.enter(i + 1)
				}
			case t.accepts(c):
				next.enter(i + 1)
			}
		}
		now, next = next, now
		next.clear()
	}
	return now.final()
}

// final reports whether the end of the pattern can be had for nothing.
func (s *states) final() bool {
	for _, i := range s.list {
		for i < len(s.tokens) && s.tokens[i].kind >= anyText {
			i++
		}
		if i == len(s.tokens) {
			return true
		}
	}
	return false
}
