// Package semver reads versions of Semantic Versioning 2.0.0 and requirements on
// versions as Cargo reads them, which is what Spin manifests have.
//
// [Parse] reads a version, which always has three numbers. [ParseRequirement]
// reads a requirement:
//
//	1.2.3, ^1.2.3   1.2.3 and what is compatible with it
//	~1.2.3          1.2.3 and later ones of 1.2
//	=1.2.3          this version
//	>=1.2, <1.5     all comparators of a list must hold
//	1.2.*, *        any patch, any version
//
// Parts may be left out from the right: ^1, >1.2. A prerelease satisfies a
// requirement only if one of its comparators is about a prerelease of the same
// three numbers. Build metadata is ignored, but for the choice among versions
// that are equal otherwise.
//
// Any text gives a result or an [*Error], in bounded time and memory.
package semver
