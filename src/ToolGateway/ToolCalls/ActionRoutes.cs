using System.Collections.Frozen;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls.Routes;

namespace ToolGateway.ToolCalls;

/// <summary>Finds the action for a method and path among a tool's templates; a literal segment beats a parameter.</summary>
internal sealed class ActionRoutes
{
    private const int MaxSegments = 32;

    private readonly RouteNode _root;

    public ActionRoutes(RouteNode root) => _root = root;

    public static ActionRoutes Empty { get; } = new(new RouteNode("", FrozenDictionary<string, RouteNode>.Empty, null, []));

    /// <summary>Looks <paramref name="path"/> up, which is in canonical form and begins with a slash.</summary>
    public RouteMatch Match(ReadOnlySpan<char> path, string method)
    {
        Span<Range> segments = stackalloc Range[MaxSegments];
        var count = Split(path, segments);
        if (count < 0)
            return default;
        var search = new Search(path, segments[..count], method);
        if (search.Find(_root, 0) is not { } found)
            return new RouteMatch(search.Failure, null, RegoObject.Empty, search.OtherMethods);
        return new RouteMatch(RouteResult.Found, found.Action, search.Arguments(found), null);
    }

    private static int Split(ReadOnlySpan<char> path, Span<Range> segments)
    {
        if (path.IsEmpty)
            return -1;
        if (path.Length == 1)
            return 0;
        var count = 0;
        for (var start = 1; ; count++)
        {
            if (count == segments.Length)
                return -1;
            var slash = path[start..].IndexOf('/');
            var end = slash < 0 ? path.Length : start + slash;
            segments[count] = start..end;
            if (slash < 0)
                return count + 1;
            start = end + 1;
        }
    }

    /// <summary>One walk through the tree, trying literals first.</summary>
    private ref struct Search(ReadOnlySpan<char> path, ReadOnlySpan<Range> segments, string method)
    {
        private readonly ReadOnlySpan<char> _path = path;
        private readonly ReadOnlySpan<Range> _segments = segments;
        private uint _parameters;
        private bool _ambiguous;

        public List<string>? OtherMethods { get; private set; }

        public readonly RouteResult Failure =>
            _ambiguous ? RouteResult.Ambiguous : OtherMethods is null ? RouteResult.Unknown : RouteResult.OtherMethod;

        public RoutedAction? Find(RouteNode node, int depth)
        {
            if (depth == _segments.Length)
                return Pick(node);
            var raw = _path[_segments[depth]];

            // A literal is compared decoded: the tool does not tell %3A from a colon either.
            var segment = raw.Contains('%') ? Uri.UnescapeDataString(raw) : raw;
            if (node.Literals.Count > 0
                && node.Literals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(segment, out var literal))
            {
                // In another case it is the literal to some tools and a value of the parameter to others.
                if (!segment.SequenceEqual(literal.Text))
                {
                    _ambiguous = true;
                    return null;
                }

                if (Find(literal, depth + 1) is { } found)
                    return found;
            }

            if (node.Parameter is null || _ambiguous)
                return null;
            _parameters |= 1u << depth;
            if (Find(node.Parameter, depth + 1) is { } byParameter)
                return byParameter;
            _parameters &= ~(1u << depth);
            return null;
        }

        public readonly RegoObject Arguments(RoutedAction found)
        {
            if (found.Parameters.Count == 0)
                return RegoObject.Empty;
            var members = new KeyValuePair<RegoValue, RegoValue>[found.Parameters.Count];
            var next = 0;
            for (var depth = 0; depth < _segments.Length; depth++)
            {
                if ((_parameters & (1u << depth)) == 0)
                    continue;
                var raw = _path[_segments[depth]];
                members[next] = new(found.Parameters[next], new RegoString(raw.Contains('%') ? Uri.UnescapeDataString(raw) : raw.ToString()));
                next++;
            }

            return RegoObject.Of(members);
        }

        private RoutedAction? Pick(RouteNode node)
        {
            foreach (var candidate in node.Actions)
            {
                if (string.Equals(candidate.Action.Method, method, StringComparison.Ordinal))
                    return candidate;
                (OtherMethods ??= []).Add(candidate.Action.Method!);
            }

            return null;
        }
    }
}

/// <summary>What came of looking a path up.</summary>
internal enum RouteResult
{
    Unknown,
    Found,
    OtherMethod,
    Ambiguous,
}

/// <summary>The action and its path arguments, or why there is none.</summary>
/// <param name="OtherMethods">Methods that the path has, when only the method was wrong.</param>
internal readonly record struct RouteMatch(RouteResult Result, ToolAction? Action, RegoObject Arguments, IReadOnlyList<string>? OtherMethods);
