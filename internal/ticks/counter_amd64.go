package ticks

// counter reads the time stamp counter.
func counter() uint64

// cpuid executes the instruction of that name and returns EAX and EDX.
func cpuid(leaf uint32) (eax, edx uint32)

// hasCounter reports whether the counter's rate does not change (Intel and AMD manuals, CPUID
// leaf 80000007H, invariant TSC).
func hasCounter() bool {
	const powerManagement, invariant = 0x80000007, 1 << 8
	if greatest, _ := cpuid(0x80000000); greatest < powerManagement {
		return false
	}
	_, edx := cpuid(powerManagement)
	return edx&invariant != 0
}
