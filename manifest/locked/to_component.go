package locked

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

func (w *tomlWriter) component(c *Component, at string) {
	w.line("[component." + tomlKey(c.ID) + "]")
	if source := w.source(c.Source, at+".source"); len(source) == 1 && source[0].key == "path" {
		w.keyLine("source", source[0].value)
	} else {
		w.keyLine("source", inlineTable(source))
	}
	w.text("description", c.Description())
	w.textMap("environment", c.Env)
	w.textMap("variables", c.Config)
	w.texts("allowed_outbound_hosts", c.AllowedOutboundHosts())
	w.texts("key_value_stores", c.KeyValueStores())
	w.texts("sqlite_databases", c.SQLiteDatabases())
	w.texts("ai_models", c.AIModels())
	var files []string
	for i, f := range c.Files {
		source := w.path(f.Content, index(at+".files", i))
		files = append(files, inlineTable([]pair{{"source", tomlString(source)}, {"destination", tomlString(f.Path)}}))
	}
	if len(files) > 0 {
		w.keyLine("files", "["+strings.Join(files, ", ")+"]")
	}
	if build := c.Metadata.Object(buildKey); build != nil {
		w.value("build", map[string]any(build), at+".metadata.build")
	}
	if len(c.Dependencies) > 0 {
		w.inside("dependencies")
		w.line("[component." + tomlKey(c.ID) + ".dependencies]")
	}
	for _, name := range slices.Sorted(maps.Keys(c.Dependencies)) {
		w.keyLine(name, w.dependency(c.Dependencies[name], join(at+".dependencies", name)))
	}
}

func (w *tomlWriter) dependency(d Dependency, at string) string {
	fields := w.source(d.Source, at+".source")
	if d.Export != "" {
		fields = append(fields, pair{"export", tomlString(d.Export)})
	}
	switch {
	case d.Inherit.All:
		fields = append(fields, pair{"inherit_configuration", "true"})
	case !d.Inherit.None():
		fields = append(fields, pair{"inherit_configuration", tomlStrings(d.Inherit.Sets)})
	}
	return inlineTable(fields)
}

// source returns the keys of a Wasm file.
func (w *tomlWriter) source(s Source, at string) []pair {
	if s.ContentType != WasmContent && s.ContentType != "" {
		w.fail(at, fmt.Errorf("%w: the content type is %s: write %q", ErrManifest, wording.Quote(s.ContentType), WasmContent))
	}
	if strings.HasPrefix(s.Content.Source, "https://") || strings.HasPrefix(s.Content.Source, "http://") {
		if _, err := s.SHA256(); err == nil {
			return []pair{{"url", tomlString(s.Content.Source)}, {"digest", tomlString(s.Digest)}}
		}
	}
	return []pair{{"path", tomlString(w.path(s.Content, at))}}
}

// path returns the path of content, as it is written in a manifest.
func (w *tomlWriter) path(c Content, at string) string {
	file, err := c.File()
	if err != nil && w.Content != nil {
		file, err = w.Content(c)
	} else if err != nil {
		err = fmt.Errorf("%w; or set ManifestOptions.Content", err)
	}
	if err != nil {
		w.fail(at, err)
		return "missing"
	}
	if w.Dir == "" {
		return file
	}
	dir := strings.TrimSuffix(path.Clean(w.Dir), "/") + "/"
	if below, ok := strings.CutPrefix(path.Clean(file), dir); ok && below != "" {
		return below
	}
	return file
}
