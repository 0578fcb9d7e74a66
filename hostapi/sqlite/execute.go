package sqlite

import (
	"context"
	"io"

	v3 "github.com/spinhost/spin/hostapi/sqlite/v3"
)

// cellSize is what a cell counts, beside its text or bytes.
const cellSize = 32

// rowSize is what a row counts.
func rowSize(row []Value) int {
	n := len(row) * cellSize
	for i := range row {
		if x, ok := row[i].Text(); ok {
			n += len(x)
		} else if x, ok := row[i].Blob(); ok {
			n += len(x)
		}
	}
	return n
}

// execute runs a statement and returns all that it returns. The guest is frozen meanwhile.
func (c *conn) execute(ctx context.Context, statement string, params []Value) (v3.QueryResult, error) {
	q, err := c.collect(ctx, statement, params)
	if err != nil {
		return v3.QueryResult{}, fault(err)
	}
	return q, nil
}

func (c *conn) collect(ctx context.Context, statement string, params []Value) (q v3.QueryResult, err error) {
	if err := c.use(); err != nil {
		return q, err
	}
	defer c.done()
	ctx, stop := joined(ctx, c.inst.life)
	defer stop(nil)
	if err := c.begin(ctx, true); err != nil {
		return q, err
	}
	defer c.end()
	c.step.Lock()
	r, err := c.prepare(ctx, statement, params)
	if err != nil {
		c.step.Unlock()
		return q, err
	}
	q.Columns = r.Columns()
	q.Rows, err = c.rows(r)
	c.step.Unlock()
	c.closeRows(r)
	return q, err
}

// rows collects all rows.
func (c *conn) rows(r Rows) (list []v3.RowResult, err error) {
	for size := 0; ; {
		row, err := c.next(r)
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if size += rowSize(row); size > MaxResult {
			return nil, errTooLarge
		}
		list = append(list, v3.RowResult{Values: row})
	}
}
