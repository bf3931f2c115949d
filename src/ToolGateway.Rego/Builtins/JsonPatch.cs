using System.Globalization;
using ToolGateway.Rego.Types;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>json.patch (RFC 6902), also on sets, whose elements are their own keys. A patch that cannot be applied makes the result undefined, not an error.</summary>
internal static class JsonPatch
{
    public static Builtin[] All { get; } = [Declare()];

    private static Builtin Declare()
    {
        var patch = new ObjectType(
            [new ObjectTypeMember(new RegoString("op"), RegoType.String), new ObjectTypeMember(new RegoString("path"), RegoType.Any)],
            RegoType.Any,
            RegoType.Any);
        return new Builtin("json.patch", [RegoType.Any, new ArrayType([], patch)], RegoType.Any, BuiltinTraits.None, Evaluate);
    }

    private static RegoValue? Evaluate(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetArray(args, 2, out var patches))
            return null;
        RegoValue? document = args[0];
        foreach (var item in patches.Items)
        {
            context.Budget.Step();
            document = item is RegoObject patch && Read(patch) is { } operation ? Apply(context, document, operation) : null;
            if (document is null)
                return null;
        }

        return document;
    }

    private static Operation? Read(RegoObject patch)
    {
        if (!patch.TryGetValue("op", out var op) || op is not RegoString { Value: var name } || PathOf(patch, "path") is not { } path)
            return null;
        var from = name is "move" or "copy" ? PathOf(patch, "from") : [];
        RegoValue? value = null;
        if (from is null || (name is "add" or "replace" or "test" && !patch.TryGetValue("value", out value)))
            return null;
        return new Operation(name, path, from, value);
    }

    private static RegoValue[]? PathOf(RegoObject patch, string member) => patch.TryGetValue(member, out var path) ? JsonPath.Parse(path) : null;

    private static RegoValue? Apply(BuiltinContext context, RegoValue document, Operation patch)
    {
        switch (patch.Name)
        {
            case "add":
                return Insert(context, document, patch.Path, patch.Value!);
            case "remove":
                return Delete(context, document, patch.Path);
            case "replace" when patch.Path.Length == 0:
                return patch.Value;
            case "replace":
                return Delete(context, document, patch.Path) is { } without ? Insert(context, without, patch.Path, patch.Value!) : null;
            case "test":
                return At(document, patch.Path) is { } found && RegoOrder.Equal(found, patch.Value!) ? document : null;
            case "copy":
                return At(document, patch.From) is { } copied ? Insert(context, document, patch.Path, copied) : null;
            case "move":
                var moved = At(document, patch.From);
                return moved is not null && Delete(context, document, patch.From) is { } rest ? Insert(context, rest, patch.Path, moved) : null;
            default:
                return null;
        }
    }

    private static RegoValue? At(RegoValue document, ReadOnlySpan<RegoValue> path)
    {
        RegoValue? at = document;
        foreach (var key in path)
        {
            at = Child(at, key);
            if (at is null)
                return null;
        }

        return at;
    }

    private static RegoValue? Child(RegoValue value, RegoValue key) => value is RegoArray array
        ? IndexOf(array, key) is { } at && at < array.Count ? array[at] : null
        : Objects.Find(value, key);

    private static RegoValue? Insert(BuiltinContext context, RegoValue document, ReadOnlySpan<RegoValue> path, RegoValue value)
    {
        if (path.IsEmpty)
            return value;
        var key = path[0];
        if (path.Length == 1)
            return InsertAt(context, document, key, value);
        return Child(document, key) is { } child && Insert(context, child, path[1..], value) is { } changed ? Replace(context, document, key, changed) : null;
    }

    private static RegoValue? Delete(BuiltinContext context, RegoValue document, ReadOnlySpan<RegoValue> path)
    {
        if (path.IsEmpty)
            return null;
        var key = path[0];
        if (path.Length == 1)
            return DeleteAt(context, document, key);
        return Child(document, key) is { } child && Delete(context, child, path[1..]) is { } changed ? Replace(context, document, key, changed) : null;
    }

    private static RegoValue? InsertAt(BuiltinContext context, RegoValue target, RegoValue key, RegoValue value)
    {
        switch (target)
        {
            case RegoObject map:
                return With(context, map, key, value);
            case RegoSet set:
                return RegoOrder.Equal(key, value) ? Changed(context, set, null, value) : null;
            case RegoArray array when IndexOf(array, key) is { } at:
                context.Spend(array.Count + 1, 8);
                return RegoArray.Adopt([.. array.Items[..at], value, .. array.Items[at..]]);
            default:
                return null;
        }
    }

    private static RegoValue? DeleteAt(BuiltinContext context, RegoValue target, RegoValue key)
    {
        switch (target)
        {
            case RegoObject map when map.TryGetValue(key, out _):
                return With(context, map, key, null);
            case RegoSet set when set.Contains(key):
                return Changed(context, set, key, null);
            case RegoArray array when IndexOf(array, key) is { } at && at < array.Count:
                context.Spend(array.Count, 8);
                return RegoArray.Adopt([.. array.Items[..at], .. array.Items[(at + 1)..]]);
            default:
                return null;
        }
    }

    private static RegoValue Replace(BuiltinContext context, RegoValue target, RegoValue key, RegoValue value)
    {
        if (target is RegoObject map)
            return With(context, map, key, value);
        if (target is RegoSet set)
            return Changed(context, set, key, value);
        var array = (RegoArray)target;
        context.Spend(array.Count, 8);
        var items = array.Items.ToArray();
        items[IndexOf(array, key)!.Value] = value;
        return RegoArray.Adopt(items);
    }

    private static RegoObject With(BuiltinContext context, RegoObject map, RegoValue key, RegoValue? value)
    {
        context.Spend(map.Count + 1, 24);
        var changed = new RegoObjectBuilder(map.Count + 1);
        foreach (var (k, v) in map.Unordered)
            changed.Set(k, v);
        if (value is null)
            changed.Remove(key);
        else
            changed.Set(key, value);
        return changed.ToObject();
    }

    private static RegoSet Changed(BuiltinContext context, RegoSet set, RegoValue? without, RegoValue? with)
    {
        context.Spend(set.Count + 1, 24);
        var changed = new RegoSetBuilder(set.Count + 1);
        foreach (var item in set.Items)
        {
            if (without is null || !RegoOrder.Equal(item, without))
                changed.Add(item);
        }

        if (with is not null)
            changed.Add(with);
        return changed.ToSet();
    }

    // "-" is the place behind the last element; other strings are indices without leading zeros.
    private static int? IndexOf(RegoArray array, RegoValue key)
    {
        var at = -1L;
        if (key is RegoNumber { IsInt64: true } number)
            number.TryGetInt64(out at);
        else if (key is RegoString { Value: "-" })
            at = array.Count;
        else if (key is RegoString { Value: var text } && (text.Length == 1 || !text.StartsWith('0')) &&
                 int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
            at = parsed;
        return at >= 0 && at <= array.Count ? (int)at : null;
    }

    private sealed record Operation(string Name, RegoValue[] Path, RegoValue[] From, RegoValue? Value);
}
