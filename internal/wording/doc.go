// Package wording has what the messages of many packages are made of: short quotes of input,
// lists of errors, and how alike two names are.
package wording
