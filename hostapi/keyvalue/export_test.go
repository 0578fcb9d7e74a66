package keyvalue

// SetMax bounds the store below MaxMemory.
func (m *MemoryStore) SetMax(n int) { m.max = n }

// SetLimits bounds what instances hold below MaxOpen and MaxResult.
func (s *Stores) SetLimits(open, bytes int64) { s.maxOpen, s.maxHeld = open, bytes }
