using ToolGateway.Decisions.Embedded;
using ToolGateway.Rego;
using ToolGateway.Rego.Values;

namespace ToolGateway.Host.Policy;

/// <summary>Writes what a query gave.</summary>
internal sealed class EvalOutput(string format, TextWriter output)
{
    public int Write(PreparedQuery query, RegoResult result)
    {
        if (format == "json")
            output.WriteLine(JsonIndent.Format(Json(query, result)));
        else if (result.Expressions.Count == 0)
            output.WriteLine("undefined");
        else
            WriteText(result);
        return ExitCodes.Success;
    }

    public int Fail(IReadOnlyList<RegoError> errors, IReadOnlyList<string> problems, IReadOnlyList<RegoSource> sources, TextWriter error)
    {
        if (format == "json")
        {
            output.WriteLine(JsonIndent.Format(ErrorJson.Of(errors, problems).ToJson()));
            return ExitCodes.Usage;
        }

        foreach (var problem in problems)
            error.WriteLine(problem);
        foreach (var item in errors)
            error.WriteLine(SourceExcerpt.Format(item, sources));
        return ExitCodes.Usage;
    }

    private void WriteText(RegoResult result)
    {
        for (var i = 0; i < result.Expressions.Count; i++)
        {
            if (result.Bindings[i].Count > 0)
            {
                foreach (var (name, value) in result.Bindings[i])
                    output.WriteLine($"{((RegoString)name).Value} = {value.ToJson()}");
                continue;
            }

            foreach (var value in result.Expressions[i])
                output.WriteLine(format == "raw" ? Raw(value) : JsonIndent.Format(value.ToJson()));
        }
    }

    private static string Raw(RegoValue value) => value is RegoString text ? text.Value : value.ToJson();

    /// <summary>Members in OPA's order, which is not the alphabet's.</summary>
    private static string Json(PreparedQuery query, RegoResult result)
    {
        if (result.Expressions.Count == 0)
            return "{}";
        var solutions = Enumerable.Range(0, result.Expressions.Count).Select(i =>
        {
            var expressions = string.Join(',', result.Expressions[i].Select((value, n) => Expression(value, query, n)));
            var bindings = result.Bindings[i].Count == 0 ? "" : $",\"bindings\":{result.Bindings[i].ToJson()}";
            return $"{{\"expressions\":[{expressions}]{bindings}}}";
        });
        return $"{{\"result\":[{string.Join(',', solutions)}]}}";
    }

    private static string Expression(RegoValue value, PreparedQuery query, int index)
    {
        var place = query.ExpressionLocations[index];
        return $"{{\"value\":{value.ToJson()},\"text\":{new RegoString(place.Text).ToJson()},\"location\":{{\"row\":{place.Row},\"col\":{place.Column}}}}}";
    }
}
