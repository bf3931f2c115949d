using System.Text.Json;
using ToolGateway.Decisions.Results;
using ToolGateway.Enforcement;

namespace ToolGateway.Decisions.Opa;

/// <summary>What is asked of the sidecar.</summary>
internal enum OpaQuestion
{
    Decision,
    Visible,

    /// <summary>Only whether it answers, and which policy it has.</summary>
    Revision,
}

/// <summary>Reads the bodies of OPA's Data API. A body that is not one is garbage, never a guess.</summary>
internal sealed class OpaResponseReader
{
    private static readonly OpaReply NotOpa = new(OpaReplyKind.Garbage) { Detail = "the answer is not JSON of OPA's Data API" };

    private LastProvenance _last = new([], OpaBundles.None);

    public OpaReply Read(int status, ReadOnlySpan<byte> body, OpaQuestion question)
    {
        try
        {
            return status switch
            {
                200 => ReadResult(body, question),
                >= 500 => ReadServerError(status, body),
                _ => new OpaReply(OpaReplyKind.Refused) { Detail = $"status {status}" },
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not UTF-8 or has half a surrogate pair.
            return status == 200 ? NotOpa : new OpaReply(OpaReplyKind.ServerError) { Detail = $"status {status}" };
        }
    }

    private OpaReply ReadResult(ReadOnlySpan<byte> body, OpaQuestion question)
    {
        var reader = new Utf8JsonReader(body);
        var bundles = OpaBundles.None;
        string? decisionId = null;
        var result = default(Utf8JsonReader);
        var hasResult = false;
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("result"u8))
            {
                Expect(!hasResult);
                hasResult = true;
                reader.Read();
                result = reader;
            }
            else if (reader.ValueTextEquals("decision_id"u8))
            {
                reader.Read();
                decisionId = reader.GetString();
            }
            else if (reader.ValueTextEquals("provenance"u8))
            {
                reader.Read();
                bundles = ReadProvenance(reader, body);
            }

            reader.Skip();
        }

        Expect(reader.TokenType == JsonTokenType.EndObject && !reader.Read());
        return new OpaReply(OpaReplyKind.Answered)
        {
            Bundles = bundles,
            Decision = question == OpaQuestion.Decision ? ReadDecision(ref result, hasResult, bundles, decisionId) : null,
            Names = question != OpaQuestion.Visible ? null : hasResult ? JsonResultReader.ReadNames(ref result) : [],
        };
    }

    private static Decision ReadDecision(ref Utf8JsonReader result, bool hasResult, OpaBundles bundles, string? decisionId)
    {
        var decision = hasResult
            ? JsonResultReader.ReadDecision(ref result, OpaEngine.Name, bundles.Revision)
            : Decision.Denied(OpaEngine.Name, ReasonCodes.PolicyUndefined, bundles.Revision);
        return decision with { OpaDecisionId = decisionId, OpaBundles = bundles.Items };
    }

    /// <summary>Provenance is the same in almost every reply, so the last one is remembered by its bytes.</summary>
    private OpaBundles ReadProvenance(Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        var start = (int)reader.TokenStartIndex;
        var skipping = reader;
        skipping.Skip();
        var bytes = body[start..(int)skipping.BytesConsumed];
        var last = Volatile.Read(ref _last);
        if (bytes.SequenceEqual(last.Bytes))
            return last.Bundles;
        var bundles = OpaBundles.Read(ref reader);
        Volatile.Write(ref _last, new LastProvenance(bytes.ToArray(), bundles));
        return bundles;
    }

    private static OpaReply ReadServerError(int status, ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        string? error = null;
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isErrors = reader.ValueTextEquals("errors"u8);
            reader.Read();
            if (isErrors && reader.TokenType == JsonTokenType.StartArray)
                error = OpaErrorReader.ReadFirst(ref reader);
            else
                reader.Skip();
        }

        return error is null
            ? new OpaReply(OpaReplyKind.ServerError) { Detail = $"status {status}" }
            : new OpaReply(OpaReplyKind.EvaluationError) { Detail = error };
    }

    private static void Expect(bool condition)
    {
        if (!condition)
            throw new JsonException("not a response of the Data API");
    }

    private sealed record LastProvenance(byte[] Bytes, OpaBundles Bundles);
}
