package locked

import (
	"maps"
	"net/url"
	"strings"
)

// Keys of metadata. Others are kept and have no meaning here.
const (
	nameKey        = "name"
	versionKey     = "version"
	descriptionKey = "description"
	authorsKey     = "authors"
	originKey      = "origin"
	profileKey     = "profile"
	imageDigestKey = "oci_image_digest"
	triggersKey    = "triggers"
	triggerKey     = "trigger" // of apps with triggers of one type, for old hosts

	hostsKey       = "allowed_outbound_hosts"
	legacyHostsKey = "allowed_http_hosts"
	storesKey      = "key_value_stores"
	databasesKey   = "databases"
	modelsKey      = "ai_models"
	buildKey       = "build"
	resolveKey     = "resolve-trigger-dependencies-using"
)

// Name returns the name of the app.
func (a *App) Name() string { return a.Metadata.String(nameKey) }

// Version returns the version of the app, by convention a semantic version.
func (a *App) Version() string { return a.Metadata.String(versionKey) }

// Description returns the description of the app.
func (a *App) Description() string { return a.Metadata.String(descriptionKey) }

// Authors returns the authors of the app.
func (a *App) Authors() []string { return a.Metadata.Strings(authorsKey) }

// Origin returns the URL that the app was locked from, such as that of its
// manifest; empty if it is not known.
func (a *App) Origin() string { return a.Metadata.String(originKey) }

// Profile returns the build profile that the app was locked with, empty for none.
func (a *App) Profile() string { return a.Metadata.String(profileKey) }

// ImageDigest returns the digest of the registry image that the app was loaded
// from, empty if it was not.
func (a *App) ImageDigest() string { return a.Metadata.String(imageDigestKey) }

// TriggerSettings returns the settings that all triggers of a type share; false if
// there are none. The map is not copied, unless the app states them in the form for
// old hosts, which is used if there is no other.
func (a *App) TriggerSettings(triggerType string) (Values, bool) {
	if a.Metadata.Has(triggersKey) {
		settings := a.Metadata.Object(triggersKey).Object(triggerType)
		return settings, settings != nil
	}
	legacy := a.Metadata.Object(triggerKey)
	if legacy == nil || legacy.String("type") != triggerType {
		return nil, false
	}
	settings := maps.Clone(legacy)
	delete(settings, "type")
	return settings, true
}

// Description returns the description of the component.
func (c *Component) Description() string { return c.Metadata.String(descriptionKey) }

// AllowedOutboundHosts returns the entries that say what the component may connect
// to: the list itself, then what a list for old hosts allows, as far as that can be
// read.
func (c *Component) AllowedOutboundHosts() []string {
	return append(c.Metadata.Strings(hostsKey), legacyHosts(c.Metadata.Strings(legacyHostsKey))...)
}

// KeyValueStores returns the labels of the stores that the component may open.
func (c *Component) KeyValueStores() []string { return c.Metadata.Strings(storesKey) }

// SQLiteDatabases returns the labels of the databases that the component may open.
func (c *Component) SQLiteDatabases() []string { return c.Metadata.Strings(databasesKey) }

// AIModels returns the models that the component may use.
func (c *Component) AIModels() []string { return c.Metadata.Strings(modelsKey) }

// TriggerDependenciesOf returns the type of trigger that gives TriggerDependencies
// their meaning, empty if there are none.
func (c *Component) TriggerDependenciesOf() string { return c.Metadata.String(resolveKey) }

// allowAll was an entry of allowed_http_hosts that allowed every host.
const allowAll = "insecure:allow-all"

// legacyHosts converts the entries of allowed_http_hosts: a host stands for http
// and https. Entries that cannot be read allow nothing.
func legacyHosts(entries []string) []string {
	var hosts []string
	for _, entry := range entries {
		switch entry = strings.TrimSpace(entry); entry {
		case allowAll:
			return []string{"http://*:*", "https://*:*", "http://self"}
		case "self":
			hosts = append(hosts, "http://self")
		default:
			hosts = append(hosts, legacyHost(entry)...)
		}
	}
	return hosts
}

func legacyHost(entry string) []string {
	if !strings.Contains(entry, "://") {
		entry = "http://" + entry
	}
	u, err := url.Parse(entry)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
		u.Path != "" && u.Path != "/" || u.Scheme != "http" && u.Scheme != "https" || strings.ContainsAny(u.Host, "*{}") {
		return nil
	}
	host := u.Host
	if port := u.Port(); port == "" || u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		host = strings.TrimSuffix(host, ":"+port)
	}
	return []string{"http://" + host, "https://" + host}
}
