using System.Collections.Frozen;
using ToolGateway.Rego.Values;

namespace ToolGateway.ToolCalls.Routes;

/// <summary>A place in a tool's tree of paths.</summary>
/// <param name="Text">The literal as the template spells it; empty for a parameter and for the root.</param>
/// <param name="Literals">Children by literal, found whatever their case, so that a segment in another case is noticed.</param>
/// <param name="Parameter">The child that takes any segment.</param>
/// <param name="Actions">Actions that end here.</param>
internal sealed record RouteNode(
    string Text, FrozenDictionary<string, RouteNode> Literals, RouteNode? Parameter, IReadOnlyList<RoutedAction> Actions);

/// <summary>An action with the names of its path's parameters, from left to right.</summary>
internal sealed record RoutedAction(ToolAction Action, IReadOnlyList<RegoString> Parameters);
