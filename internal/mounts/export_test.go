package mounts

// CopiedWithin is Copied with a bound of its own on the work for patterns.
var CopiedWithin = copied
