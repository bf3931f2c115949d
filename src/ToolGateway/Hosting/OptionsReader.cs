using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace ToolGateway.Hosting;

/// <summary>
/// Binds the section to <see cref="ToolGatewayOptions"/> and reports every unknown key and every value that does not fit, where the framework's binder would
/// stop at the first.
/// </summary>
internal static class OptionsReader
{
    public static ToolGatewayOptions? Read(IConfiguration configuration, ConfigurationErrors errors)
    {
        var section = configuration.GetSection(ToolGatewayOptions.Section);
        var before = errors.Items.Count;
        if (!section.Exists())
        {
            errors.AddFile(ToolGatewayOptions.Section, "the section is missing; write { \"ToolGateway\": { … } }, as in docs/configuration.md");
            return null;
        }

        Check(section, typeof(ToolGatewayOptions), "", errors);
        var options = new ToolGatewayOptions();
        try
        {
            section.Bind(options);
            return options;
        }
        catch (InvalidOperationException) when (errors.Items.Count > before)
        {
            // A value that does not fit its type is named already; with unknown keys only, the rest is validated as well.
            return null;
        }
    }

    private static void Check(IConfigurationSection section, Type type, string key, ConfigurationErrors errors)
    {
        if (IsLeaf(type))
            CheckLeaf(section, type, key, errors);
        else if (typeof(IDictionary).IsAssignableFrom(type))
            CheckChildren(section, type.GetGenericArguments()[1], key, errors);
        else if (typeof(IList).IsAssignableFrom(type))
            CheckChildren(section, type.GetGenericArguments()[0], key, errors);
        else
            CheckObject(section, type, key, errors);
    }

    private static void CheckChildren(IConfigurationSection section, Type element, string key, ConfigurationErrors errors)
    {
        if (!string.IsNullOrEmpty(section.Value))
            errors.Add(key, section.Value, "a list or map belongs here, not a single value");
        foreach (var child in section.GetChildren())
            Check(child, element, Join(key, child.Key), errors);
    }

    private static void CheckObject(IConfigurationSection section, Type type, string key, ConfigurationErrors errors)
    {
        if (!string.IsNullOrEmpty(section.Value))
            errors.Add(key, section.Value, "a section belongs here, not a single value");
        foreach (var child in section.GetChildren())
        {
            var property = type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            if (property is null)
                errors.Add(Join(key, child.Key), child.Value, UnknownKey(type, child.Key));
            else
                Check(child, property.PropertyType, Join(key, property.Name), errors);
        }
    }

    private static void CheckLeaf(IConfigurationSection section, Type type, string key, ConfigurationErrors errors)
    {
        if (section.GetChildren().Any())
        {
            errors.Add(key, null, "a single value belongs here, not a section or list");
            return;
        }

        if (string.IsNullOrEmpty(section.Value) || type == typeof(string))
            return;
        var target = Nullable.GetUnderlyingType(type) ?? type;
        try
        {
            TypeDescriptor.GetConverter(target).ConvertFromString(null, CultureInfo.InvariantCulture, section.Value);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            errors.Add(key, section.Value, $"write {Example(target)}");
        }
    }

    private static string UnknownKey(Type type, string key)
    {
        var names = type.GetProperties().Select(property => property.Name).ToArray();
        var near = names.MinBy(name => Distance(name, key));
        return near is not null && Distance(near, key) <= 3
            ? $"unknown key; did you mean '{near}'?"
            : $"unknown key; known here: {string.Join(", ", names.Order(StringComparer.Ordinal))}";
    }

    private static string Example(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a time span such as 00:00:30 or 1.00:00:00"
        : type == typeof(DateTimeOffset) ? "a time such as 2027-01-01T00:00:00Z"
        : type == typeof(DateOnly) ? "a date such as 2026-12-31"
        : type == typeof(double) ? "a number"
        : "a whole number in range";

    internal static bool IsLeaf(Type type) =>
        type == typeof(string) || (Nullable.GetUnderlyingType(type) ?? type).IsValueType;

    private static string Join(string key, string child) => key.Length == 0 ? child : $"{key}:{child}";

    private static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]);
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (same ? 0 : 1));
            }

            previous = current;
        }

        return previous[^1];
    }
}
