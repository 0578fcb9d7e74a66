package capability

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// String returns the report as text for a terminal, each piece of code with what it may use below it.
func (r Report) String() string {
	var b strings.Builder
	b.WriteString("app " + strconv.Quote(r.App) + "\n")
	for _, c := range r.Components {
		c.write(&b, "component", "  ")
	}
	return b.String()
}

// WriteTo writes the text of String. It implements io.WriterTo.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, r.String())
	return int64(n), err
}

func (p Part) write(b *strings.Builder, kind, indent string) {
	b.WriteString(indent + kind + " " + strconv.Quote(p.Name))
	if p.Pos != (Position{}) {
		b.WriteString(" (" + p.Pos.String() + ")")
	}
	if p.Inherits != "" {
		b.WriteString(", inherits " + p.Inherits)
	}
	b.WriteByte('\n')
	indent += "  "
	grants := make([][]string, len(p.Grants))
	for i, g := range p.Grants {
		grants[i] = []string{"granted", g.Set, g.Text, place(g.Pos)}
	}
	writeColumns(b, indent, grants)
	writeColumns(b, indent, p.rows())
	for _, d := range p.Dependencies {
		d.write(b, "dependency", indent)
	}
}

// rows returns a row for each interface, followed by one for each function that was called.
func (p Part) rows() [][]string {
	var rows [][]string
	for _, i := range p.Interfaces {
		verdict := "denied"
		if i.Allowed {
			verdict = "allowed"
		}
		set := i.Set
		if set == "" {
			set = "-"
		}
		rows = append(rows, []string{verdict, i.ID, set, i.Why})
		for k, c := range i.Calls {
			calls := c.Outcome + " " + strconv.FormatUint(c.Count, 10)
			if k > 0 && i.Calls[k-1].Function == c.Function {
				last := rows[len(rows)-1]
				last[len(last)-1] += ", " + calls
				continue
			}
			rows = append(rows, []string{"", "  " + c.Function, "", calls})
		}
	}
	return rows
}

func place(p Position) string {
	if p == (Position{}) {
		return ""
	}
	return p.String()
}

// writeColumns writes rows of equally many cells, each column as wide as its widest cell.
func writeColumns(b *strings.Builder, indent string, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for len(widths) < len(row) {
			widths = append(widths, 0)
		}
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		line := indent
		for i, cell := range row {
			line += cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}
