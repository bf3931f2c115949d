using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

/// <summary>What OPA calls the kinds of term in its messages.</summary>
internal static class TermNames
{
    public static string Of(Term term) => term switch
    {
        ScalarTerm { Value: RegoNull } => "null",
        ScalarTerm { Value: RegoBoolean } => "boolean",
        ScalarTerm { Value: RegoNumber } => "number",
        ScalarTerm => "string",
        VarTerm => "var",
        RefTerm => "ref",
        ArrayTerm => "array",
        SetTerm => "set",
        ObjectTerm => "object",
        ArrayComprehension => "arraycomprehension",
        SetComprehension => "setcomprehension",
        ObjectComprehension => "objectcomprehension",
        CallTerm => "call",
        _ => "templatestring",
    };
}
