namespace ToolGateway.Audit.Records;

/// <summary>Body of an outcome record.</summary>
internal static class OutcomeFormat
{
    public static void Write(RecordBuffer to, in OutcomeRecord record)
    {
        to.Raw("\"time\":"u8);
        to.Time(record.Time);
        to.Raw(",\"type\":\"outcome\",\"decision_id\":"u8);
        to.Text(record.DecisionId);
        to.Raw(",\"status\":"u8);
        to.Number(record.Status);
        to.Raw(",\"upstream_status\":"u8);
        to.Number(record.UpstreamStatus);
        to.Raw(",\"request_bytes\":"u8);
        to.Number(record.RequestBytes);
        to.Raw(",\"request_digest\":"u8);
        to.Text(record.RequestDigest);
        to.Raw(",\"response_bytes\":"u8);
        to.Number(record.ResponseBytes);
        to.Raw(",\"duration_us\":"u8);
        to.Number((long)record.Duration.TotalMicroseconds);
        to.Raw(",\"ended\":"u8);
        to.Text(record.Ended);
        to.Raw(",\"reason\":"u8);
        to.Text(record.Reason);
    }
}
