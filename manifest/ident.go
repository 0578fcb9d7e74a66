package manifest

import "strings"

// checkKebab checks an identifier of the kind that Spin calls kebab: words of
// ASCII letters and digits joined by "-", each starting with a letter, and with
// letters of one case. It returns what is wrong and what to write, or "".
func checkKebab(id string) string {
	problem := kebabProblem(id)
	if problem == "" {
		return ""
	}
	fixed := strings.ToLower(strings.ReplaceAll(id, "_", "-"))
	if kebabProblem(fixed) == "" {
		return problem + ": write " + quote(fixed)
	}
	return problem + `: write words such as "my-component"`
}

func kebabProblem(id string) string {
	switch {
	case id == "":
		return "the id is empty"
	case strings.Contains(id, "_"):
		return `words of an id are separated by "-", not "_"`
	}
	for word := range strings.SplitSeq(id, "-") {
		if problem := wordProblem(word); problem != "" {
			return problem
		}
	}
	return ""
}

func wordProblem(word string) string {
	if word == "" {
		return `a word of the id is empty, as "-" may only stand between two words`
	}
	if !isLetter(word[0]) {
		return "each word of an id must start with an ASCII letter"
	}
	upper := word[0] < 'a'
	for _, c := range []byte(word) {
		switch {
		case isDigit(c):
		case !isLetter(c):
			return `an id may only have ASCII letters, digits and "-"`
		case (c < 'a') != upper:
			return "the letters of a word of an id must be all lower or all upper case"
		}
	}
	return ""
}
