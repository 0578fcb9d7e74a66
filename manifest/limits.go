package manifest

// Bounds on a manifest. They are far above what people write and keep the cost
// of the worst text small: the TOML library needs time that grows with the
// square of the number of keys.
const (
	maxSize         = 1 << 20 // bytes
	maxNodes        = 16384   // parts of keys, and values
	maxDepth        = 32      // tables and arrays within each other
	maxComponents   = 1024    // inline ones included
	maxTriggers     = 1024    // of all types together
	maxVariables    = 1024    // of the application
	maxDependencies = 1024    // of one component
	maxErrors       = 32      // reported at once
)
