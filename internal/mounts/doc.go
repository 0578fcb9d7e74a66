// Package mounts finds the files that a component may read, by the keys files and
// exclude_files of a Spin manifest.
//
// # Two strategies
//
// [Copied] is Spin's default: literal names, patterns and tables with source and
// destination are gathered in one tree of regular files, the [Tree], which is
// mounted at /. The names in it are fixed when it is made; contents are read from
// the app's folder when a guest opens a file. [Tree.CopyTo] makes a copy that
// stays as it is.
//
// [Direct] takes each entry for a folder and mounts it as it is, so that a guest
// sees what changes in it.
//
// # What entries mean
//
//	"static/a.txt"     the file, at /static/a.txt
//	"static/*.js"      the files that match, at their own paths
//	"**/*"             everything; names that start with a dot too
//	"static"           the folder, at /static/static as in Spin; the next is better
//	{ source = "static", destination = "/" }
//	{ source = "a.txt", destination = "/b.txt" }
//
// In a pattern * and ? stand for parts of a name, [a-c] and [!a-c] for one
// character, and ** as a whole part of the path for any number of folders. Patterns
// of exclude_files are held against the whole path below the app's folder, so that
// * stands for slashes too. They do not touch a file that is named literally. A
// folder that has no files is not there.
//
// Where two entries give different files the same place, the later entry wins.
//
// # No way out
//
// Paths with .. and absolute paths are refused. Symbolic links are followed as
// long as they stay inside of the app's folder; what leads out of it is refused,
// and so are links that lead back to a folder around them. The decision is made
// name by name, and holds for a folder that nobody changes meanwhile. To be safe
// from somebody who does, give the FS of an [os.Root].
package mounts
