using System.Collections;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace ToolGateway.Hosting;

/// <summary>The JSON schema of the section, made from the options' types, defaults and documentation.</summary>
internal static class ConfigurationSchema
{
    public static JsonObject Create()
    {
        var documentation = Documentation();
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "ToolGateway configuration",
            ["type"] = "object",
            ["properties"] = new JsonObject { [ToolGatewayOptions.Section] = OfObject(new ToolGatewayOptions(), documentation) },
        };
    }

    /// <param name="value">The value that the type's holder begins with, for its defaults; null where there is none yet.</param>
    private static JsonObject Of(Type type, object? value, Dictionary<string, string> documentation)
    {
        if (OptionsReader.IsLeaf(type))
            return OfLeaf(Nullable.GetUnderlyingType(type) ?? type);
        if (typeof(IDictionary).IsAssignableFrom(type))
        {
            return new JsonObject
            {
                ["type"] = "object",
                ["propertyNames"] = new JsonObject { ["pattern"] = "^[^:]+$" },
                ["additionalProperties"] = Of(type.GetGenericArguments()[1], null, documentation),
            };
        }

        return typeof(IList).IsAssignableFrom(type)
            ? new JsonObject { ["type"] = "array", ["items"] = Of(type.GetGenericArguments()[0], null, documentation) }
            : OfObject(value ?? Activator.CreateInstance(type)!, documentation);
    }

    private static JsonObject OfObject(object defaults, Dictionary<string, string> documentation)
    {
        var type = defaults.GetType();
        var properties = new JsonObject();
        foreach (var property in type.GetProperties())
        {
            var schema = Of(property.PropertyType, property.GetValue(defaults), documentation);
            if (documentation.TryGetValue($"P:{type.FullName}.{property.Name}", out var text))
                schema["description"] = text;
            if (OptionsReader.IsLeaf(property.PropertyType) && property.GetValue(defaults) is { } value)
                schema["default"] = Default(value);
            properties[property.Name] = schema;
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
    }

    private static JsonObject OfLeaf(Type type) =>
        type == typeof(bool) ? new JsonObject { ["type"] = "boolean" }
        : type == typeof(int) || type == typeof(long) ? new JsonObject { ["type"] = "integer" }
        : type == typeof(double) ? new JsonObject { ["type"] = "number" }
        : type == typeof(TimeSpan) ? new JsonObject { ["type"] = "string", ["pattern"] = @"^([0-9]+\.)?[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?$" }
        : type == typeof(DateOnly) ? new JsonObject { ["type"] = "string", ["format"] = "date" }
        : type == typeof(DateTimeOffset) ? new JsonObject { ["type"] = "string", ["format"] = "date-time" }
        : new JsonObject { ["type"] = "string" };

    private static JsonNode? Default(object value) => value switch
    {
        bool flag => flag,
        int number => number,
        long number => number,
        double number => number,
        _ => value.ToString(),
    };

    /// <summary>Summaries by member id, from the documentation file that is built and shipped beside the assembly.</summary>
    private static Dictionary<string, string> Documentation()
    {
        var path = Path.ChangeExtension(typeof(ConfigurationSchema).Assembly.Location, ".xml");
        return !File.Exists(path) ? [] : XDocument.Load(path).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!), StringComparer.Ordinal);
    }

    private static string Text(XElement summary) => string.Join(' ', string.Concat(summary.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => see.Attribute("cref")!.Value.Split('.')[^1],
        XElement element => element.Value,
        _ => "",
    })).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
