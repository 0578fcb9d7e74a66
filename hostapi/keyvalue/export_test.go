package keyvalue

// SetMax bounds the store below MaxMemory.
func (m *MemoryStore) SetMax(n int) { m.max = n }
